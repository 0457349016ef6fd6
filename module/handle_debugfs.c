// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - handles and regions in debugfs: what KSHM_IOC_HANDLE_LIST tells, as text
 *
 * For a machine where there is no kshmctl. No program is to read it: its columns may
 * change with any version.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string_helpers.h>

#include "handle_debugfs.h"
#include "handle_list.h"

static struct dentry *debugfs;

/**
 * struct reader - one open of the file; seq_file's lock protects it
 * @lister: what is behind @entry
 * @entry: the last that was met
 * @pos: its line
 * @at: @entry, or NULL behind the last line
 */
struct reader {
	struct kshm_lister lister;
	struct kshm_handle_entry entry;
	loff_t pos;
	void *at;
};

/* From the first line, or where the last read ended: seq_file knows no other places. */
static void *handles_start(struct seq_file *seq, loff_t *pos)
{
	struct reader *reader = seq->private;

	if (*pos)
		return *pos == reader->pos ? reader->at : NULL;
	kshm_lister_begin(&reader->lister, 0, 0);
	return SEQ_START_TOKEN;
}

static void *handles_next(struct seq_file *seq, void *entry, loff_t *pos)
{
	struct reader *reader = seq->private;

	reader->pos = ++*pos;
	reader->at = kshm_lister_next(&reader->lister, &reader->entry) ?
		     NULL : &reader->entry;
	return reader->at;
}

static void handles_stop(struct seq_file *seq, void *entry)
{
}

static int handles_show(struct seq_file *seq, void *shown)
{
	const struct kshm_handle_entry *entry = shown;

	if (shown == SEQ_START_TOKEN) {
		seq_puts(seq, "handle id region rights state flags holds uses len pages age pid uid charged_uid device comm\n");
		return 0;
	}
	seq_printf(seq, "%llu %u %llu %#x %#x %#x %u %u %llu %llu %llu %u %u %u %s ",
		   entry->handle, entry->id, entry->region, entry->rights,
		   entry->state, entry->flags, entry->holds, entry->uses,
		   entry->len, entry->pages, entry->age, entry->pid, entry->uid,
		   entry->charged_uid, entry->device);
	/* It is the user's, and a terminal may be where it goes. */
	seq_escape_str(seq, entry->comm, ESCAPE_OCTAL | ESCAPE_NAP | ESCAPE_APPEND, " \\");
	seq_putc(seq, '\n');
	return 0;
}

static const struct seq_operations handles_sequence = {
	.start = handles_start,
	.next = handles_next,
	.stop = handles_stop,
	.show = handles_show,
};

static int handles_open(struct inode *inode, struct file *file)
{
	struct reader *reader;
	int ret;

	ret = seq_open_private(file, &handles_sequence, sizeof(*reader));
	if (!ret) {
		reader = ((struct seq_file *)file->private_data)->private;
		kshm_lister_init(&reader->lister);
	}
	return ret;
}

static const struct file_operations handles_fops = {
	.owner = THIS_MODULE,
	.open = handles_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

/* Where there is no debugfs, or no memory for it, everything else works. */
void __init kshm_handle_debugfs_init(void)
{
	debugfs = debugfs_create_dir("kshm", NULL);
	debugfs_create_file("handles", 0400, debugfs, NULL, &handles_fops);
}

/* Waits for who reads. */
void kshm_handle_debugfs_exit(void)
{
	debugfs_remove(debugfs);
}
