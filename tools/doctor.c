// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - doctor
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "fold.h"
#include "kshmctl.h"
#include "output.h"
#include "version.h"

static const struct output_column check_columns[] = {
	{ "CHECK", OUTPUT_NAME },
	{ "OK", OUTPUT_BOOLEAN, OUTPUT_JSON_ONLY },
	{ "STATE", OUTPUT_TEXT, OUTPUT_TABLE_ONLY },
	{ "FOUND", OUTPUT_SENTENCE },
	{ "REMEDY", OUTPUT_TEXT, OUTPUT_JSON_ONLY },
	{ }
};

/*
 * What has been found so far, and the exit status of the first that is wrong.
 * What to do about it stands below the table, to be read and copied: @remedies
 * is a file in memory.
 */
struct doctor {
	struct output *out;
	FILE *remedies;
	int status;
	bool loaded;
};

/* A failed check's @status is what is exited with, unless one came before. */
static void add(struct doctor *d, const char *check, bool ok, int status,
		const char *found, const char *remedy)
{
	output_cell(d->out, "%s", check);
	output_cell(d->out, "%d", ok);
	output_cell(d->out, "%s", ok ? "ok" : "WRONG");
	output_cell(d->out, "%s", found);
	output_cell(d->out, "%s", ok ? "" : remedy);
	if (!ok)
		fprintf(d->remedies, "%s: %s\n", check, remedy);
	if (!ok && d->status == STATUS_OK)
		d->status = status;
}

static void check_kernel(struct doctor *d)
{
	struct utsname name;
	unsigned int major = 0, minor = 0;

	uname(&name);
	add(d, "kernel",
	    sscanf(name.release, "%u.%u", &major, &minor) == 2 &&
	    (major > 6 || (major == 6 && minor >= 1)),
	    STATUS_FAILED, name.release,
	    "kshm needs a 64-bit kernel from 6.1 on; boot a newer one");
}

static void check_headers(struct doctor *d)
{
	struct utsname name;
	char path[256], remedy[256];
	bool there;

	uname(&name);
	snprintf(path, sizeof(path), "/lib/modules/%s/build", name.release);
	there = !access(path, F_OK);
	/* Needed to build the module only: nothing is wrong once it is loaded. */
	snprintf(remedy, sizeof(remedy),
		 "to build the module: apt install linux-headers-%s",
		 name.release);
	add(d, "headers", there || d->loaded, STATUS_FAILED,
	    there ? path : "none for this kernel", remedy);
}

static bool module_installed(void)
{
	static const char * const places[] = { "updates/dkms", "updates", "extra", "kernel" };
	struct utsname name;
	char path[256];
	size_t i;

	uname(&name);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		snprintf(path, sizeof(path), "/lib/modules/%s/%s/kshm.ko",
			 name.release, places[i]);
		if (!access(path, F_OK))
			return true;
	}
	return false;
}

static void check_module(struct doctor *d)
{
	bool installed = module_installed();

	d->loaded = !access("/sys/module/kshm", F_OK);
	add(d, "module", d->loaded, STATUS_ABSENT,
	    d->loaded ? "loaded" : installed ? "installed, not loaded" :
					       "not loaded",
	    installed ? "as root: modprobe kshm" :
			"build it with make, then as root: insmod module/kshm.ko");
}

static void check_versions(struct doctor *d)
{
	struct kshm_info module;
	char text[512];
	int ret;

	if (!d->loaded)
		return;
	ret = kshm_module_info(&module);
	if (ret) {
		kshm_explain_open("null", KSHM_OPEN_READ, ret, text,
				  sizeof(text));
		add(d, "answer", false, status_of(ret), text,
		    "see the kernel's log: dmesg");
		return;
	}
	version_text(&module, text, sizeof(text));
	/* Another release with the same ABI is worth a note, no more. */
	add(d, "versions", module.abi_version == KSHM_ABI_VERSION,
	    STATUS_FAILED, text, version_remedy(&module));
}

/* Of a node that does not let in whoever asks; what helps lasts. */
static void permission_remedy(const struct stat *st, char *text, size_t size)
{
	const struct group *group = getgrgid(st->st_gid);
	const struct passwd *user = getpwuid(getuid());

	if (!(st->st_mode & 0060))
		snprintf(text, size,
			 "it is for root alone, as its driver or mode= of kshm.ko says: use it as root, or load kshm.ko without mode=");
	else if (st->st_gid && group)
		snprintf(text, size,
			 "as root: usermod --append --groups %s %s; then log in again",
			 group->gr_name, user ? user->pw_name : "USER");
	else if (st->st_gid)
		snprintf(text, size,
			 "as root: load kshm.ko again with gid=%u; group %u of the node has no name",
			 getgid(), st->st_gid);
	else
		snprintf(text, size,
			 "as root: load kshm.ko again with gid=%u, your group; or with udev, groupadd --system kshm, usermod --append --groups kshm %s, install packaging/udev/60-kshm.rules below /etc/udev/rules.d, and load kshm.ko again; then log in again",
			 getgid(), user ? user->pw_name : "USER");
}

static void check_device(struct doctor *d, const struct kshm_device_entry *device)
{
	bool readable = !access(device->path, R_OK);
	bool writable = !access(device->path, W_OK);
	char check[64], found[128], remedy[512];
	struct stat st;

	snprintf(check, sizeof(check), "device %s", device->name);
	if (stat(device->path, &st)) {
		add(d, check, false, STATUS_ABSENT, "no node below /dev",
		    "mount devtmpfs on /dev, or run udev");
		return;
	}
	snprintf(found, sizeof(found), "mode %04o, user %u, group %u: %s",
		 st.st_mode & 07777, st.st_uid, st.st_gid,
		 readable && writable ? "read-write" : readable ? "read only" :
		 writable ? "write only" : "no access for you");
	permission_remedy(&st, remedy, sizeof(remedy));
	add(d, check, readable || writable, STATUS_PERMISSION, found, remedy);
}

static void check_devices(struct doctor *d)
{
	struct kshm_device_entry **devices;
	int nr = kshm_devices(&devices), i;

	if (nr < 0)
		return;
	for (i = 0; i < nr; i++)
		check_device(d, devices[i]);
	kshm_devices_free(devices);
}

/* Said because everybody expects that what requests pin counts, too. */
static void check_memlock(struct doctor *d)
{
	struct rlimit limit;
	char found[128];

	getrlimit(RLIMIT_MEMLOCK, &limit);
	if (limit.rlim_cur == RLIM_INFINITY)
		snprintf(found, sizeof(found), "unlimited");
	else
		snprintf(found, sizeof(found),
			 "%llu bytes; regions count against it, requests do not",
			 (unsigned long long)limit.rlim_cur);
	add(d, "memlock", true, STATUS_OK, found, "");
}

/* Each is a line; @remedies is cut up. */
static void print_remedies(char *remedies)
{
	char *remedy;

	putchar('\n');
	while ((remedy = strsep(&remedies, "\n")) && *remedy)
		print_folded(stdout, remedy);
}

int doctor(const struct command *command, int argc, char **argv)
{
	const struct arguments none = { };
	struct doctor d = { };
	char *remedies;
	size_t len;

	parse_arguments(command, argc, argv, &none);
	d.remedies = open_memstream(&remedies, &len);
	if (!d.remedies)
		out_of_memory();
	d.out = output_begin("checks", check_columns);
	check_kernel(&d);
	check_module(&d);
	check_headers(&d);
	check_versions(&d);
	check_devices(&d);
	check_memlock(&d);
	output_end(d.out);
	if (fclose(d.remedies))
		out_of_memory();
	if (len && !json)
		print_remedies(remedies);
	free(remedies);
	return d.status;
}
