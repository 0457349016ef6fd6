/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what is set by a write to a file of the kernel's
 */
#ifndef SETTING_H
#define SETTING_H

/* All of @text in one write; what the file has, if it keeps such, goes before. */
void write_to(const char *path, const char *text);

#endif /* SETTING_H */
