// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - module init and exit
 */
#include <linux/module.h>

#include "account.h"
#include "device.h"
#include "file.h"
#include "handle_debugfs.h"
#include "key.h"
#include "name.h"
#include "null.h"
#include "queue.h"
#include "version.h"

static int __init kshm_init(void)
{
	int ret;

	kshm_key_init();
	ret = kshm_queue_module_init();
	if (ret)
		return ret;
	ret = kshm_account_init();
	if (ret)
		goto exit_queue;
	ret = kshm_names_init();
	if (ret)
		goto exit_account;
	ret = kshm_device_init();
	if (ret)
		goto exit_names;
	ret = kshm_file_init();
	if (ret)
		goto exit_device;
	ret = kshm_null_init();
	if (ret)
		goto exit_file;
	kshm_handle_debugfs_init();
	return 0;

exit_file:
	kshm_file_exit();
exit_device:
	kshm_device_exit();
exit_names:
	kshm_names_exit();
exit_account:
	kshm_account_exit();
exit_queue:
	kshm_queue_module_exit();
	return ret;
}
module_init(kshm_init);

static void __exit kshm_exit(void)
{
	kshm_handle_debugfs_exit();
	kshm_null_exit();
	kshm_file_exit();
	/* What is undone yet needs all that is below. */
	kshm_queue_module_exit();
	kshm_device_exit();
	kshm_names_exit();
	kshm_account_exit();
}
module_exit(kshm_exit);

MODULE_DESCRIPTION("Memory shared between user programs and kernel drivers");
MODULE_LICENSE("GPL");
MODULE_VERSION(KSHM_VERSION);
