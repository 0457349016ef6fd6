// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - a program built with the public header in the way that LINKAGE names
 *
 * As C90 and as C++ with the shared library, and with the static one. Speaks
 * TAP by itself, as no test framework is at home in all of them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <kshm.h>

#define TEXT_OF(word)	#word
#define TEXT(word)	TEXT_OF(word)
#define TEST		"program_as_" TEXT(LINKAGE) "_calls_the_library"

/* What needs a handle; called where there is one, linked everywhere. */
static int with_handle(const char *device)
{
	struct kshm_operand none = kshm_operand_none();
	struct kshm_operand user = kshm_operand_user(NULL, 0);
	struct kshm_device_entry **devices;
	struct kshm_control_entry **controls;
	struct kshm_section_name **names;
	struct kshm_completion completion;
	struct kshm_section_info section;
	struct kshm_handle_info **list;
	struct kshm_region_info region;
	struct kshm_region_key key;
	struct kshm_explanation why;
	struct kshm_result result;
	struct kshm_range range;
	struct kshm_handle *handle;
	struct kshm_handle *other;
	struct kshm_info info;
	size_t returned;
	__u32 code, id = 0;
	int good, fd;

	memset(&range, 0, sizeof(range));
	if (kshm_open(&handle, device, KSHM_OPEN_READ) < 0)
		return 0;
	good = kshm_open_fd(&other, -1) < 0 && kshm_fd(handle) >= 0 &&
	       strcmp(kshm_device(handle), device) == 0 &&
	       kshm_info(handle, &info) == 0 &&
	       kshm_lookup(handle, "nop", KSHM_METHOD_BUFFERED, &code) == 0 &&
	       kshm_control(handle, code, &none, &user, NULL, &result, &why) == 0 &&
	       kshm_device_io_control(handle, code, NULL, 0, NULL, 0, &returned) == 0 &&
	       kshm_eventfd(handle, -1, &why) == 0 &&
	       kshm_submit(handle, code, &none, &user, NULL, 7, &why) == 0 &&
	       kshm_cancel(handle, 7, &why) == -ENOENT &&
	       kshm_cancel_all(handle, &why) == -ENOENT &&
	       kshm_wait(handle, &completion, 1, -1) == 1 && completion.user_data == 7 &&
	       kshm_explain_completion(handle, &completion, NULL, 0) > 0 &&
	       kshm_region_create_ranges(handle, &range, 1, KSHM_REGION_READ, &id, &why) == 0 &&
	       kshm_region_destroy(handle, id, 0, &why) == 0 &&
	       kshm_region_create(handle, &none, 1, KSHM_REGION_READ, &id, &why) == 0 &&
	       kshm_region_query(handle, id, &region, &why) == 0 && region.len == 1;
	user = kshm_operand_region(id, 1, 0);
	good = good && kshm_control(handle, code, &user, NULL, NULL, NULL, NULL) == 0 &&
	       kshm_region_make_key(handle, id, KSHM_REGION_READ, 0, &key, &why) == 0 &&
	       kshm_region_open_key(handle, &key, KSHM_REGION_READ, &code, &why) == 0 &&
	       kshm_region_remove_key(handle, id, &why) == 0 &&
	       kshm_region_export(handle, id, KSHM_REGION_READ, &fd, &why) == 0 &&
	       kshm_region_import(handle, fd, KSHM_REGION_READ, &code, &why) == 0 &&
	       kshm_region_revoke(handle, id, 0, &why) == 0 &&
	       kshm_section_create(NULL, 1, 0, &fd) == 0 &&
	       kshm_section_attach(handle, fd, 0, 0, KSHM_REGION_READ, &id, &why) == 0 &&
	       kshm_section_sequence(handle, id, KSHM_REGION_READ, &fd, &why) == 0 &&
	       kshm_section_publish(handle, id, "linkage", KSHM_REGION_READ, 0600,
				    KSHM_NAME_OWN_GROUP, KSHM_NAME_UNTIL_CLOSE,
				    &why) == 0 &&
	       kshm_section_open(handle, "linkage", KSHM_REGION_READ, KSHM_NAME_FD,
				 &section, &why) == 0 &&
	       kshm_section_names(handle, &names, &why) == 1 &&
	       strcmp(names[0]->name, "linkage") == 0 &&
	       kshm_section_unpublish(handle, "linkage", &why) == 0 &&
	       kshm_handle_list(handle, &list, &why) >= 2 &&
	       kshm_copy(handle, NULL, 0, NULL, 0, NULL, &why) == -ENOTTY;
	if (good) {
		kshm_section_names_free(names);
		kshm_handle_list_free(list);
	}
	kshm_close(handle);
	if (kshm_devices(&devices) > 0)
		kshm_devices_free(devices);
	if (kshm_controls(device, &controls) > 0)
		kshm_controls_free(controls);
	return good;
}

static int without_handle(void)
{
	struct kshm_explanation why;
	char text[512];
	__u32 code;

	memset(&why, 0, sizeof(why));
	return strcmp(kshm_version(), KSHM_VERSION) == 0 &&
	       kshm_code_encode(1, 2, KSHM_METHOD_NEITHER, KSHM_ACCESS_READ,
				&code) == 0 &&
	       code == KSHM_CODE(1, 2, KSHM_METHOD_NEITHER, KSHM_ACCESS_READ) &&
	       kshm_method_from_name(kshm_method_name(KSHM_METHOD_NEITHER)) ==
			KSHM_METHOD_NEITHER &&
	       kshm_method_windows_name(KSHM_METHOD_NEITHER) &&
	       kshm_access_from_name(kshm_access_name(KSHM_ACCESS_READ)) ==
			KSHM_ACCESS_READ &&
	       kshm_code_text(code, text, sizeof(text)) > 0 &&
	       kshm_explain(&why, text, sizeof(text)) > 0 &&
	       kshm_explain_error(1, text, sizeof(text)) > 0 &&
	       kshm_explain_open("x", KSHM_OPEN_READ, -2, text, sizeof(text)) > 0;
}

int main(int argc, char **argv)
{
	int good;

	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		puts(TEST);
		return 0;
	}
	good = without_handle() && with_handle("null");
	printf("%s 1 - %s\n1..1\n", good ? "ok" : "not ok", TEST);
	return !good;
}
