// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the library's sentences about regions and sections; they need no module
 */
#include <errno.h>
#include <fcntl.h>

#include <kshm.h>
#include "harness.h"
#include "sentence.h"

static void explain_region_names_the_id(void **state)
{
	struct kshm_explanation why = of_region(ENOENT, KSHM_EXPLAIN_REGION);

	why.used = 7;
	assert_sentence(&why,
			"The handle has no region 7: use an id that kshm_region_create() gave for this very handle, and that was not destroyed (ENOENT).");
	why = said_by_kshm(ENOENT, KSHM_EXPLAIN_REGION);
	why.used = 7;
	assert_sentence(&why,
			"The out operand is a part of region 7, which the handle does not have: use an id that kshm_region_create() gave for this very handle, and that was not destroyed (ENOENT).");
}

static void explain_rights_says_which_are_lacking(void **state)
{
	struct kshm_explanation why = said_by_kshm(EACCES, KSHM_EXPLAIN_RIGHTS);

	why.region = 7;
	why.needed = KSHM_REGION_WRITE;
	assert_sentence(&why,
			"The out operand is a part of region 7, which may not be written: create the region with KSHM_REGION_WRITE too (EACCES).");
	why.operand = KSHM_OPERAND_DATA;
	why.region = 0;
	why.needed = KSHM_REGION_READ;
	assert_sentence(&why,
			"The data operand is a part of a region, which may not be read: create the region with KSHM_REGION_READ too (EACCES).");
}

static void explain_part_shows_where_it_ends(void **state)
{
	struct kshm_explanation why = said_by_kshm(ERANGE, KSHM_EXPLAIN_PART);

	why.region = 7;
	why.needed = 2;
	why.used = 4095;
	why.limit = 4096;
	assert_sentence(&why,
			"The out operand is 2 bytes from offset 4095 on in region 7, which has 4096 bytes (4 KiB): keep offset and length inside of the region (ERANGE).");
}

static void explain_pieces_are_named_by_number(void **state)
{
	struct kshm_explanation why = said_by_kshm(ENOENT, KSHM_EXPLAIN_REGION);

	why.operand = KSHM_OPERAND_PIECE_READ;
	why.used = 7;
	assert_sentence(&why,
			"Piece 0, counted from 0, of what is read is a part of region 7, which the handle does not have: use an id that kshm_region_create() gave for this very handle, and that was not destroyed (ENOENT).");
	why = said_by_kshm(EACCES, KSHM_EXPLAIN_RIGHTS);
	why.operand = KSHM_OPERAND_PIECE_WRITTEN + 2047;
	why.region = 7;
	why.needed = KSHM_REGION_WRITE;
	assert_sentence(&why,
			"Piece 2047, counted from 0, of what is written is a part of region 7, which may not be written: create the region with KSHM_REGION_WRITE too (EACCES).");
	why = said_by_kshm(EINVAL, KSHM_EXPLAIN_KIND);
	why.operand = KSHM_OPERAND_PIECE_WRITTEN - 1;
	assert_sentence(&why,
			"Piece 65535, counted from 0, of what is read is of kind 0 where a part of a region is due: make it with kshm_operand_region() (EINVAL).");
}

static void explain_busy_names_the_flag_that_waits(void **state)
{
	struct kshm_explanation why = of_region(EBUSY, KSHM_EXPLAIN_BUSY);

	why.region = 7;
	assert_sentence(&why,
			"Region 7 is used by a request: destroy it when that is over, or with KSHM_REGION_WAIT to wait for that (EBUSY).");
}

static void explain_join_and_ranges_show_the_numbers(void **state)
{
	struct kshm_explanation why = of_region(EINVAL, KSHM_EXPLAIN_JOIN);

	why.used = 2;
	assert_sentence(&why,
			"Range 2, counted from 0, does not join those before it at a page boundary: have all ranges but the first begin at one, and all but the last end at one (EINVAL).");
	why.check = KSHM_EXPLAIN_RANGES;
	why.used = 1025;
	why.limit = 1024;
	assert_sentence(&why,
			"1025 ranges are more than the 1024 that a region can have: make one of those that are neighbours, or several regions (EINVAL).");
}

static void explain_long_term_says_what_else_will_do(void **state)
{
	struct kshm_explanation why = of_region(EFAULT, KSHM_EXPLAIN_LONG_TERM);

	why.addr = 0x1000;
	why.mapping = KSHM_MAPPING_FILE;
	why.prot = KSHM_PROT_READ | KSHM_PROT_WRITE;
	assert_sentence(&why,
			"Address 0x1000 in the region lies in a mapped file that can be pinned for a call only, not for as long as a region lasts: pass it with each request, or copy it to anonymous memory, or create the region with KSHM_REGION_READ alone (EFAULT).");
	why.rights = KSHM_REGION_READ;
	assert_sentence(&why,
			"Address 0x1000 in the region lies in a mapped file that can be pinned for a call only, not for as long as a region lasts: pass it with each request, or copy it to anonymous memory (EFAULT).");
	why.mapping = KSHM_MAPPING_UNKNOWN;
	assert_sentence(&why,
			"Address 0x1000 in the region lies in memory that can be pinned for a call only, not for as long as a region lasts: pass it with each request, or copy it to anonymous memory (EFAULT).");
}

static void explain_memlock_shows_numbers_and_where_to_raise_it(void **state)
{
	struct kshm_explanation why = of_region(ENOMEM, KSHM_EXPLAIN_MEMLOCK);

	why.needed = 1;
	why.used = 2047;
	why.limit = 2047;
	assert_sentence(&why,
			"The region needs 1 page (4 KiB), but RLIMIT_MEMLOCK allows the user 2047 pages (7.9 MiB) of locked memory, of which 2047 pages (7.9 MiB) were in use: destroy regions, or raise the limit, with `ulimit -l`, memlock in /etc/security/limits.conf, or LimitMEMLOCK= of a systemd unit (ENOMEM).");
}

static void explain_limit_of_regions_names_the_parameter(void **state)
{
	struct kshm_explanation why =
		of_region(ENOSPC, KSHM_EXPLAIN_LIMIT_REGIONS);

	why.used = 1;
	why.limit = 1;
	assert_sentence(&why,
			"The handle has 1 region, and may have at most 1: destroy some, or have root raise /sys/module/kshm/parameters/max_handle_regions (ENOSPC).");
}

static void explain_no_rights_says_which_there_are(void **state)
{
	struct kshm_explanation why = of_region(EINVAL, KSHM_EXPLAIN_NO_RIGHTS);

	why.rights = 0;
	assert_sentence(&why,
			"A region without any rights would be of no use: pass KSHM_REGION_READ, KSHM_REGION_WRITE or both (EINVAL).");
}

static void explain_revoked_says_that_it_is_for_good(void **state)
{
	struct kshm_explanation why = said_by_kshm(ESTALE, KSHM_EXPLAIN_REVOKED);

	why.used = 7;
	assert_sentence(&why,
			"The out operand is a part of region 7, which was revoked, for everybody and for good: destroy it, and have a new one made (ESTALE).");
	why = of_region(ESTALE, KSHM_EXPLAIN_REVOKED);
	why.region = 7;
	assert_sentence(&why,
			"Region 7 was revoked, for everybody and for good: destroy it, and have a new one made (ESTALE).");
}

static void explain_rights_that_are_passed_on(void **state)
{
	struct kshm_explanation why = of_region(EACCES, KSHM_EXPLAIN_RIGHTS);

	why.needed = KSHM_REGION_WRITE;
	assert_sentence(&why,
			"Rights on a region can become fewer, not more, and here KSHM_REGION_WRITE is lacking: ask for less, or have it shared with that too (EACCES).");
}

static void explain_sharing_says_what_to_pass(void **state)
{
	struct kshm_explanation why = of_region(EBADF, KSHM_EXPLAIN_FD);

	why.used = (__u32)-1;
	assert_sentence(&why,
			"Descriptor -1 is not open, or not that of a region: pass one that kshm_region_export() gave, here or in another process (EBADF).");
	why = of_region(EPERM, KSHM_EXPLAIN_NOT_CREATED);
	why.region = 7;
	assert_sentence(&why,
			"Region 7 is revoked, and given a name, through the id that its creator got, not through one that was imported or opened: destroy this id if you need it no more, or ask who created the region (EPERM).");
	why = of_region(EMFILE, KSHM_EXPLAIN_FILES);
	assert_sentence(&why,
			"The program has as many files open as it may: close some, or raise `ulimit -n` (EMFILE).");
	why = of_region(ENFILE, KSHM_EXPLAIN_SYSTEM_FILES);
	assert_sentence(&why,
			"The system has as many files open as it may: have root raise /proc/sys/fs/file-max (ENFILE).");
}

static void explain_keys_says_which_or_whose(void **state)
{
	struct kshm_explanation why = of_region(ENOENT, KSHM_EXPLAIN_KEY);

	assert_sentence(&why,
			"There is no region with this key, or not for this user: have kshm_region_make_key() give one, for any user if that is another (ENOENT).");
	why.used = 7;
	assert_sentence(&why,
			"Region 7 has no key: make one with kshm_region_make_key() (ENOENT).");
	why = of_region(EEXIST, KSHM_EXPLAIN_HAS_KEY);
	why.region = 7;
	assert_sentence(&why,
			"Region 7 has a key, and can have one for each id: use that, or remove it with kshm_region_remove_key() (EEXIST).");
}

static void explain_stale_says_where_and_what_to_do(void **state)
{
	struct kshm_explanation why = said_by_kshm(ESTALE, KSHM_EXPLAIN_STALE);

	why.used = 7;
	why.addr = 0x7f0000001000;
	assert_sentence(&why,
			"The out operand is a part of region 7, whose memory is not what it was at address 0x7f0000001000: destroy the region and create another, and keep the memory mapped as long as it lasts, or create it with KSHM_REGION_UNWATCHED if that is meant to be (ESTALE).");
}

static void explain_memfds_that_are_none(void **state)
{
	struct kshm_explanation why = of_region(EBADF, KSHM_EXPLAIN_MEMFD);

	why.used = (__u32)-1;
	assert_sentence(&why,
			"Descriptor -1 is not open, or not that of a memfd: pass one that kshm_section_create() or memfd_create() gave, here or in another process (EBADF).");
	why = of_region(EINVAL, KSHM_EXPLAIN_SEALS);
	why.needed = F_SEAL_SHRINK;
	assert_sentence(&why,
			"The memfd can become shorter: seal it with fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), or make it with kshm_section_create() (EINVAL).");
	why.used = F_SEAL_SEAL;
	assert_sentence(&why,
			"The memfd can become shorter, and cannot be sealed against that: make it with kshm_section_create(), or with MFD_ALLOW_SEALING (EINVAL).");
	why = of_region(EINVAL, KSHM_EXPLAIN_EMPTY_FILE);
	assert_sentence(&why,
			"The memfd has no bytes: give it a length with ftruncate() before it is attached (EINVAL).");
}

static void explain_memfds_that_may_not_be_written(void **state)
{
	struct kshm_explanation why = of_region(EACCES, KSHM_EXPLAIN_FD_ACCESS);

	why.needed = KSHM_REGION_READ | KSHM_REGION_WRITE;
	assert_sentence(&why,
			"The descriptor of the memfd is not open for reading, as it has to be for any rights: pass one that is (EACCES).");
	why.needed = KSHM_REGION_WRITE;
	assert_sentence(&why,
			"The descriptor of the memfd is not open for writing: pass one that is, or attach it with KSHM_REGION_READ alone (EACCES).");
	why = of_region(EACCES, KSHM_EXPLAIN_SEALED);
	why.used = F_SEAL_SHRINK | F_SEAL_WRITE;
	assert_sentence(&why,
			"The memfd is sealed against writing, with F_SEAL_WRITE: attach it with KSHM_REGION_READ alone, or before it is sealed (EACCES).");
	why.used = F_SEAL_FUTURE_WRITE;
	assert_sentence(&why,
			"The memfd is sealed against writing, with F_SEAL_FUTURE_WRITE: attach it with KSHM_REGION_READ alone, or before it is sealed (EACCES).");
	why.used = F_SEAL_SHRINK;
	assert_sentence(&why,
			"The memfd may not be opened or mapped like this, because somebody is sealing it, or a security policy forbids it: try again, or see the system's audit log (EACCES).");
	why = of_region(EBUSY, KSHM_EXPLAIN_LEASE);
	assert_sentence(&why,
			"Somebody has a lease on the memfd: have it given up, with fcntl(fd, F_SETLEASE, F_UNLCK), and try again (EBUSY).");
}

static void explain_parts_of_memfds(void **state)
{
	struct kshm_explanation why = of_region(EINVAL, KSHM_EXPLAIN_ALIGN);

	why.needed = 4096;
	why.used = 100;
	assert_sentence(&why,
			"An offset or a length of 100 bytes is no multiple of the page size, 4096: attach whole pages, of a memfd that has whole pages (EINVAL).");
	why = of_region(ERANGE, KSHM_EXPLAIN_FILE_PART);
	why.needed = 8192;
	why.used = 4096;
	why.limit = 8192;
	assert_sentence(&why,
			"8192 bytes (8 KiB) from offset 4096 on are not in the memfd, which has 8192 bytes (8 KiB): keep offset and length inside of it (ERANGE).");
	why.needed = 0;
	why.used = 8192;
	assert_sentence(&why,
			"Any bytes from offset 8192 on are not in the memfd, which has 8192 bytes (8 KiB): keep offset and length inside of it (ERANGE).");
	why = of_region(ENOMEM, KSHM_EXPLAIN_FILE_PAGES);
	why.needed = 4194304;
	assert_sentence(&why,
			"There are no pages for 4194304 bytes (4 MiB) of the memfd, or no addresses to map them at for a moment: if it is of huge pages have root raise /proc/sys/vm/nr_hugepages, otherwise attach less, or raise `ulimit -v` (ENOMEM).");
}

static void explain_holes_says_where_and_what_to_do(void **state)
{
	struct kshm_explanation why = of_region(ESTALE, KSHM_EXPLAIN_HOLE);

	why.needed = 4096;
	assert_sentence(&why,
			"The memfd lost its page at offset 4096 while it was being attached, or can get none: punch no holes into it meanwhile, and try again (ESTALE).");
	why = said_by_kshm(ESTALE, KSHM_EXPLAIN_HOLE);
	why.needed = 4096;
	why.used = 7;
	assert_sentence(&why,
			"The out operand is a part of region 7, whose memfd has lost the page at offset 4096: destroy the region and attach the memfd again, and punch no holes into it as long as that lasts (ESTALE).");
}

static void explain_kind_of_a_region_in_a_raw_control(void **state)
{
	struct kshm_explanation why = said_by_kshm(EINVAL, KSHM_EXPLAIN_KIND);

	why.needed = KSHM_OPERAND_REGION;
	assert_sentence(&why,
			"The out operand is of kind 2, which the module does not know: make operands with kshm_operand_user(), or update kshm.ko if the kind is newer than it (EINVAL).");
	why.code = KSHM_CODE(0x8e01, 0x800, KSHM_METHOD_NEITHER,
			     KSHM_ACCESS_READ);
	assert_sentence(&why,
			"The out operand is a part of a region, but control 0x8e016003 of device digest is raw and takes memory by its address only: make the operand with kshm_operand_user() (EINVAL).");
}

/* Checks that requests and regions have in common. */
static void explain_region_in_place_of_the_request(void **state)
{
	struct kshm_explanation why = of_region(EOPNOTSUPP, KSHM_EXPLAIN_FLAGS);

	why.needed = 0x10;
	assert_sentence(&why,
			"The module does not know the rights 0x10 of the region, so it is older than the program: update kshm.ko (EOPNOTSUPP).");
	why.rights = 0;
	assert_sentence(&why,
			"The module does not know the flags 0x10 of the region, so it is older than the program: update kshm.ko (EOPNOTSUPP).");
	why = of_region(EDQUOT, KSHM_EXPLAIN_LIMIT_USER);
	why.needed = 1;
	why.limit = 3;
	why.used = 3;
	assert_sentence(&why,
			"The region needs 1 page (4 KiB), but one user may have at most 3 pages (12 KiB) at a time, of which 3 pages (12 KiB) were in use: destroy regions, or make a smaller one, or have root raise /sys/module/kshm/parameters/max_user_pages (EDQUOT).");
	why = of_region(ENOMEM, KSHM_EXPLAIN_MEMORY);
	assert_sentence(&why,
			"The kernel has no memory for the region: make a smaller region, or free some memory (ENOMEM).");
	why = of_region(EFAULT, KSHM_EXPLAIN_RANGE);
	why.addr = 0xfffffffffffff000;
	assert_sentence(&why,
			"The region at address 0xfffffffffffff000 wraps around or leaves the memory of user programs: pass the address and length of memory of your own (EFAULT).");
}

/* What is to be done with a region depends on its rights. */
static void explain_address_blames_protection_by_rights(void **state)
{
	struct kshm_explanation why = of_region(EFAULT, KSHM_EXPLAIN_ADDRESS);

	why.addr = 0x1000;
	why.mapping = KSHM_MAPPING_ANON;
	why.prot = KSHM_PROT_READ;
	assert_sentence(&why,
			"Address 0x1000 in the region lies in anonymous memory that may only be read, not written: map it with PROT_READ | PROT_WRITE, or create the region with KSHM_REGION_READ alone (EFAULT).");
	why.prot = 0;
	assert_sentence(&why,
			"Address 0x1000 in the region lies in anonymous memory that may be neither read nor written: map it with PROT_READ | PROT_WRITE (EFAULT).");
	why.rights = KSHM_REGION_READ;
	assert_sentence(&why,
			"Address 0x1000 in the region lies in anonymous memory that may be neither read nor written: map it with PROT_READ (EFAULT).");
}

static void explain_region_without_a_check_says_who_is_older(void **state)
{
	struct kshm_explanation why = of_region(ENOTTY, KSHM_EXPLAIN_NONE);

	assert_sentence(&why,
			"The module kshm is older than the library and has no regions, or not all that can be done with them: update kshm.ko (ENOTTY).");
	why.error = -E2BIG;
	assert_sentence(&why,
			"The module kshm refused the region, because the module is older than the program and does not know all that it asks for: update kshm.ko (E2BIG).");
}

static void explain_names_that_can_be_none(void **state)
{
	struct kshm_explanation why = of_region(EINVAL, KSHM_EXPLAIN_BAD_NAME);

	why.limit = 63;
	assert_sentence(&why,
			"The name of a section is empty: a name has 1 to 63 visible characters of ASCII, and none of them is a '/' (EINVAL).");
	why.used = 64;
	assert_sentence(&why,
			"The name of a section is too long: a name has 1 to 63 visible characters of ASCII, and none of them is a '/' (EINVAL).");
	why.used = 4;
	why.needed = '\n';
	assert_sentence(&why,
			"The name of a section has the character 0x0a at place 4: a name has 1 to 63 visible characters of ASCII, and none of them is a '/' (EINVAL).");
	why = of_region(EINVAL, KSHM_EXPLAIN_NOT_SECTION);
	why.used = 7;
	assert_sentence(&why,
			"Region 7 is not one of a section, so that it has neither names nor a counter: make one with kshm_section_create() and kshm_section_attach() (EINVAL).");
	why = of_region(EINVAL, KSHM_EXPLAIN_MODE);
	why.used = 0755;
	why.limit = 0666;
	assert_sentence(&why,
			"The mode 0755 of a name has bits that are neither to read nor to write: take those of 0666 (EINVAL).");
}

static void explain_names_that_are_there_or_not(void **state)
{
	struct kshm_explanation why = of_region(ENOENT, KSHM_EXPLAIN_NAME);

	assert_sentence(&why,
			"There is no section of this name: names are found in the network namespace that they were published in, until they are removed, or the program that published them ends (ENOENT).");
	why = of_region(EEXIST, KSHM_EXPLAIN_NAME_TAKEN);
	assert_sentence(&why,
			"There is a section of this name: take another name, or remove that one with kshm_section_unpublish() (EEXIST).");
	why = of_region(ENOSPC, KSHM_EXPLAIN_LIMIT_NAMES);
	why.used = 9;
	why.limit = 8;
	assert_sentence(&why,
			"The user has 9 names of sections, and may have 8: remove some, or have root raise /sys/module/kshm/parameters/max_user_names (ENOSPC).");
}

static void explain_names_says_who_may(void **state)
{
	struct kshm_explanation why = of_region(EACCES, KSHM_EXPLAIN_NAME_MODE);

	why.needed = KSHM_REGION_WRITE;
	why.used = 0644;
	assert_sentence(&why,
			"The section of this name may not be written by this user, its mode is 0644: ask for less, or have its owner publish it for others (EACCES).");
	why = of_region(EINVAL, KSHM_EXPLAIN_FD_RIGHTS);
	assert_sentence(&why,
			"Whoever has a descriptor of a section can read it: ask for KSHM_REGION_READ too, or for no descriptor (EINVAL).");
	why = of_region(EPERM, KSHM_EXPLAIN_GROUP);
	why.used = 100;
	assert_sentence(&why,
			"A name cannot get the group 100, because the program is not in it: pass one that `id` shows, or KSHM_NAME_OWN_GROUP (EPERM).");
	why = of_region(EPERM, KSHM_EXPLAIN_NOT_OWNER);
	assert_sentence(&why,
			"The name is another user's: have that one remove it, or root (EPERM).");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(explain_region_names_the_id),
	cmocka_unit_test(explain_rights_says_which_are_lacking),
	cmocka_unit_test(explain_part_shows_where_it_ends),
	cmocka_unit_test(explain_pieces_are_named_by_number),
	cmocka_unit_test(explain_busy_names_the_flag_that_waits),
	cmocka_unit_test(explain_join_and_ranges_show_the_numbers),
	cmocka_unit_test(explain_long_term_says_what_else_will_do),
	cmocka_unit_test(explain_memlock_shows_numbers_and_where_to_raise_it),
	cmocka_unit_test(explain_limit_of_regions_names_the_parameter),
	cmocka_unit_test(explain_no_rights_says_which_there_are),
	cmocka_unit_test(explain_revoked_says_that_it_is_for_good),
	cmocka_unit_test(explain_rights_that_are_passed_on),
	cmocka_unit_test(explain_sharing_says_what_to_pass),
	cmocka_unit_test(explain_keys_says_which_or_whose),
	cmocka_unit_test(explain_stale_says_where_and_what_to_do),
	cmocka_unit_test(explain_memfds_that_are_none),
	cmocka_unit_test(explain_memfds_that_may_not_be_written),
	cmocka_unit_test(explain_parts_of_memfds),
	cmocka_unit_test(explain_holes_says_where_and_what_to_do),
	cmocka_unit_test(explain_names_that_can_be_none),
	cmocka_unit_test(explain_names_that_are_there_or_not),
	cmocka_unit_test(explain_names_says_who_may),
	cmocka_unit_test(explain_kind_of_a_region_in_a_raw_control),
	cmocka_unit_test(explain_region_in_place_of_the_request),
	cmocka_unit_test(explain_address_blames_protection_by_rights),
	cmocka_unit_test(explain_region_without_a_check_says_who_is_older),
};

HARNESS_MAIN(tests)
