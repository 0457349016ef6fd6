/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshmctl - call: what its files share
 */
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>
#include <kshm.h>

#include "bytes.h"
#include "source.h"
#include "times.h"

/* What the command line says. */
struct wishes {
	const char *device;
	const char *control;
	int method;
	const char *in;
	const char *out;
	const char *data;
	unsigned long long out_len;
	bool has_out_len;
	unsigned long long data_len;
	bool has_data_len;
	unsigned long long repeat;	/* 0: not given */
	unsigned long long timeout_ns;
	bool has_timeout;
	bool follow;
	unsigned long long count;	/* 0: without end */
	unsigned long long pending;	/* 0: not given */
	enum bytes_form form;
	bool has_form;
};

/* What is called, and with what. */
struct call {
	struct kshm_control_entry control;
	char name[KSHM_NAME_SIZE];
	struct source in;
	struct source out;
	struct source data;
	struct kshm_result result;
	struct times times;
};

/*
 * Prints what came of a call, @ret as kshm_control() returns it, and the sentence for that
 * if it failed. Returns the exit status.
 */
int call_report(const struct wishes *w, struct call *call, int ret, const char *sentence);

/* Those that are not just called, but waited for; returns the exit status. */
int call_submitted(const struct wishes *w, struct call *call, struct kshm_handle *handle);

#endif /* CALL_H */
