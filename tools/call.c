// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - call
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "call.h"
#include "kshmctl.h"
#include "output.h"

enum {
	KEY_METHOD = 'm', KEY_IN = 'i', KEY_DATA = 'd', KEY_OUT = 'o',
	KEY_REPEAT = 'n', KEY_OUT_LEN = 0x100, KEY_DATA_LEN, KEY_HEX, KEY_RAW,
	KEY_TEXT, KEY_TIMEOUT, KEY_FOLLOW, KEY_COUNT, KEY_PENDING,
};

static const struct argp_option call_options[] = {
	{ "method", KEY_METHOD, "M", 0, "copied, to-driver, from-driver, raw, or Windows' name of it; needed if the control has several", 0 },
	{ "in", KEY_IN, "SRC", 0, "input. SRC is a file, whose own pages are handed over; - for standard input; text:STRING; hex:DIGITS; u32:NUMBER,... or u8, u16, u64; or section:NAME[:OFFSET[:LENGTH]], a part of a section", 0 },
	{ "data", KEY_DATA, "SRC", 0, "memory that the driver works on in place; from-driver changes the file or section", 0 },
	{ "out", KEY_OUT, "SRC", 0, "where output goes: its bytes are overwritten", 0 },
	{ "out-len", KEY_OUT_LEN, "N", 0, "bytes of room for output (default: the least that the control takes)", 0 },
	{ "data-len", KEY_DATA_LEN, "N", 0, "bytes of zeroed memory as data, printed afterwards", 0 },
	{ "hex", KEY_HEX, NULL, 0, "print output as hexadecimal digits", 0 },
	{ "raw", KEY_RAW, NULL, 0, "print output as it is (default unless to a terminal)", 0 },
	{ "text", KEY_TEXT, NULL, 0, "print output as text", 0 },
	{ "timeout", KEY_TIMEOUT, "S", 0, "cancel what is not over after S seconds, and exit with 5", 0 },
	{ "follow", KEY_FOLLOW, NULL, 0, "print each result as it comes, and call once more", 0 },
	{ "count", KEY_COUNT, "N", 0, "with --follow: end after N results", 0 },
	{ "pending", KEY_PENDING, "N", 0, "with --follow: have N requests under way, so that none is missed in between (default 1)", 0 },
	{ "repeat", KEY_REPEAT, "N", 0, "call N times, print the last result; --json tells how long calls took", 0 },
	{ }
};

static void parse_count(const char *value, unsigned long long least,
			unsigned long long *wish, struct argp_state *state)
{
	if (!parse_number(value, wish) || *wish < least)
		usage_error(state, "not a number from %llu on: %s", least,
			    value);
}

/* Of options that exclude each other none may have come @before. */
static void exclude(bool before, const char *options, struct argp_state *state)
{
	if (before)
		usage_error(state, "only one of these can be given: %s", options);
}

static void set_form(struct wishes *w, enum bytes_form form,
		     struct argp_state *state)
{
	exclude(w->has_form, "--hex, --raw, --text", state);
	w->form = form;
	w->has_form = true;
}

static void parse_seconds(const char *value, struct wishes *w, struct argp_state *state)
{
	char *end;
	double seconds = strtod(value, &end);

	if (end == value || *end || !(seconds >= 0 && seconds <= 1e9))
		usage_error(state, "not a number of seconds: %s", value);
	w->timeout_ns = seconds * 1e9;
	w->has_timeout = true;
}

static void call_option(int key, const char *value, struct argp_state *state,
			void *data)
{
	struct wishes *w = data;

	switch (key) {
	case KEY_METHOD:
		w->method = method_of(value, state);
		break;
	case KEY_IN:
		exclude(w->in, "--in, --in", state);
		w->in = value;
		break;
	case KEY_OUT:
		exclude(w->out || w->has_out_len, "--out, --out-len", state);
		w->out = value;
		break;
	case KEY_DATA:
		exclude(w->data || w->has_data_len, "--data, --data-len", state);
		w->data = value;
		break;
	case KEY_OUT_LEN:
		exclude(w->out || w->has_out_len, "--out, --out-len", state);
		parse_count(value, 0, &w->out_len, state);
		w->has_out_len = true;
		break;
	case KEY_DATA_LEN:
		exclude(w->data || w->has_data_len, "--data, --data-len", state);
		parse_count(value, 0, &w->data_len, state);
		w->has_data_len = true;
		break;
	case KEY_REPEAT:
		parse_count(value, 1, &w->repeat, state);
		break;
	case KEY_TIMEOUT:
		parse_seconds(value, w, state);
		break;
	case KEY_FOLLOW:
		w->follow = true;
		break;
	case KEY_COUNT:
		parse_count(value, 1, &w->count, state);
		break;
	case KEY_PENDING:
		parse_count(value, 1, &w->pending, state);
		break;
	case KEY_HEX:
		set_form(w, BYTES_HEX, state);
		break;
	case KEY_RAW:
		set_form(w, BYTES_RAW, state);
		break;
	case KEY_TEXT:
		set_form(w, BYTES_TEXT, state);
		break;
	}
}

/* The methods of the controls of that name, as "copied, raw". */
static void list_methods(const struct wishes *w,
			 struct kshm_control_entry **controls, char *list,
			 size_t size)
{
	size_t i, used;

	list[0] = '\0';
	for (i = 0; controls[i]; i++) {
		if (strcmp(controls[i]->name, w->control) != 0)
			continue;
		used = strlen(list);
		snprintf(list + used, size - used, "%s%s", used ? ", " : "",
			 kshm_method_name(controls[i]->method));
	}
}

static int several_methods(const struct wishes *w,
			   struct kshm_control_entry **controls)
{
	char list[64];

	list_methods(w, controls, list, sizeof(list));
	return complain_as(STATUS_USAGE, EINVAL,
			   "%s of %s has several methods (%s): say which with --method",
			   w->control, w->device, list);
}

#define MOST_NAMES	256

/* The row with the type and function of a code, or NULL. */
static const struct kshm_control_entry *
near_code(__u32 code, struct kshm_control_entry **controls)
{
	for (; *controls; controls++)
		if (KSHM_CODE_TYPE((*controls)->code) == KSHM_CODE_TYPE(code) &&
		    KSHM_CODE_FUNCTION((*controls)->code) ==
		    KSHM_CODE_FUNCTION(code))
			return *controls;
	return NULL;
}

/* A code says its method itself, and --method another one. */
static int wrong_method(const struct wishes *w, __u32 code)
{
	return complain_as(STATUS_USAGE, EINVAL,
			   "code 0x%08x has method %s, not %s: leave --method out",
			   code,
			   kshm_method_name(KSHM_CODE_METHOD(code)),
			   kshm_method_name(w->method));
}

static int no_code(const struct wishes *w, __u32 code,
		   struct kshm_control_entry **controls)
{
	const struct kshm_control_entry *near = near_code(code, controls);
	char typed[128], there[128];

	if (w->method >= 0 && (int)KSHM_CODE_METHOD(code) != w->method)
		return wrong_method(w, code);
	kshm_code_text(code, typed, sizeof(typed));
	if (!near)
		return complain(ENOENT, "%s has no control %s; kshmctl device show %s lists them",
				w->device, typed, w->device);
	kshm_code_text(near->code, there, sizeof(there));
	return complain(ENOENT, "%s has no control %s; did you mean %s, %s?",
			w->device, typed, near->name, there);
}

static int no_control(const struct wishes *w,
		      struct kshm_control_entry **controls)
{
	const char *names[MOST_NAMES], *near;
	char list[64];
	size_t nr;

	list_methods(w, controls, list, sizeof(list));
	if (list[0])
		return complain(ENOENT, "%s of %s has no method %s, only %s",
				w->control, w->device,
				kshm_method_name(w->method), list);
	for (nr = 0; nr < MOST_NAMES && controls[nr]; nr++)
		names[nr] = controls[nr]->name;
	near = nearest(w->control, names, nr);
	if (near)
		return complain(ENOENT, "%s has no control \"%s\". Did you mean \"%s\"?",
				w->device, w->control, near);
	return complain(ENOENT, "%s has no control \"%s\"; kshmctl device show %s lists them",
			w->device, w->control, w->device);
}

/*
 * By code, or by name and, if it has several, method. There is one @chosen if
 * and only if nothing was wrong.
 */
static int choose(const struct wishes *w, struct kshm_control_entry **controls,
		  const struct kshm_control_entry **chosen)
{
	const struct kshm_control_entry *found = NULL;
	unsigned long long code = 0;
	bool by_code = parse_number(w->control, &code);
	size_t i;

	*chosen = NULL;
	for (i = 0; controls[i]; i++) {
		if (by_code ? controls[i]->code != code :
			      strcmp(controls[i]->name, w->control) != 0)
			continue;
		if (w->method >= 0 && (int)controls[i]->method != w->method)
			continue;
		if (found)
			return several_methods(w, controls);
		found = controls[i];
	}
	*chosen = found;
	if (found)
		return STATUS_OK;
	return by_code && code <= 0xffffffff ?
	       no_code(w, code, controls) : no_control(w, controls);
}

static int find_control(const struct wishes *w, struct call *call)
{
	const struct kshm_control_entry *chosen;
	struct kshm_control_entry **controls;
	int ret;

	ret = controls_of(w->device, &controls);
	if (ret < 0)
		return no_device(w->device, KSHM_OPEN_READ, ret);
	ret = choose(w, controls, &chosen);
	if (chosen) {
		call->control = *chosen;
		snprintf(call->name, sizeof(call->name), "%s", chosen->name);
		call->control.name = call->name;
	}
	kshm_controls_free(controls);
	return ret;
}

static bool is_stdin(const char *source)
{
	return source && !strcmp(source, "-");
}

static int open_sources(const struct wishes *w, struct call *call)
{
	bool from_driver = call->control.method == KSHM_METHOD_OUT_DIRECT;
	int ret = STATUS_OK;

	if (is_stdin(w->in) + is_stdin(w->data) + is_stdin(w->out) > 1)
		return complain_as(STATUS_USAGE, EINVAL,
				   "standard input is there once: only one operand can be -");
	if (w->in)
		ret = source_open(&call->in, w->in, false);
	if (!ret && w->data)
		ret = source_open(&call->data, w->data, from_driver);
	else if (!ret && w->has_data_len)
		ret = source_zero(&call->data, w->data_len);
	if (!ret && w->out)
		ret = source_open(&call->out, w->out, true);
	else if (!ret)
		ret = source_zero(&call->out, w->has_out_len ? w->out_len :
					      call->control.out_min);
	return ret;
}

static const struct output_column call_columns[] = {
	{ "DEVICE", OUTPUT_TEXT },
	{ "CONTROL", OUTPUT_TEXT },
	{ "CODE", OUTPUT_TEXT },
	{ "METHOD", OUTPUT_TEXT },
	{ "CALLS", OUTPUT_NUMBER },
	{ "LEAST_NS", OUTPUT_NUMBER },
	{ "MEDIAN_NS", OUTPUT_NUMBER },
	{ "STATUS", OUTPUT_NUMBER },
	{ "DETAIL", OUTPUT_NUMBER },
	{ "NEEDED", OUTPUT_NUMBER },
	{ "IN_RETURNED", OUTPUT_NUMBER },
	{ "OUT_RETURNED", OUTPUT_NUMBER },
	{ "DATA_RETURNED", OUTPUT_NUMBER },
	{ "ERROR", OUTPUT_TEXT },
	{ "OUT", OUTPUT_TEXT },
	{ "DATA", OUTPUT_TEXT },
	{ }
};

/* Where others find it. */
static bool is_elsewhere(const struct source *source)
{
	return source->is_file || source->section;
}

/* Data that the driver wrote, unless it is in a file or section anyway. */
static size_t printed_data(const struct call *call)
{
	if (call->control.method != KSHM_METHOD_OUT_DIRECT ||
	    is_elsewhere(&call->data))
		return 0;
	return call->result.data_returned;
}

static size_t printed_out(const struct call *call)
{
	return is_elsewhere(&call->out) ? 0 : call->result.out_returned;
}

static void print_json(const struct wishes *w, struct call *call,
		       const char *error)
{
	const struct kshm_result *result = &call->result;
	struct output *out = output_begin("call", call_columns);

	output_cell(out, "%s", w->device);
	output_cell(out, "%s", call->control.name);
	output_cell(out, "0x%08x", call->control.code);
	output_cell(out, "%s", kshm_method_name(call->control.method));
	output_number(out, call->times.calls);
	output_number(out, call->times.least);
	output_number(out, times_median(&call->times));
	output_cell(out, "%d", result->status);
	output_cell(out, "%u", result->detail);
	output_number(out, result->needed);
	output_number(out, result->in_returned);
	output_number(out, result->out_returned);
	output_number(out, result->data_returned);
	output_cell(out, "%s", error);
	bytes_cell(out, call->out.data, printed_out(call));
	bytes_cell(out, call->data.data, printed_data(call));
	output_end(out);
}

/* A line for what each operand has room for, so that lines can be told apart; one at least. */
static void print_followed(const struct wishes *w, const struct call *call)
{
	const bool from_driver = call->control.method == KSHM_METHOD_OUT_DIRECT;
	const bool data = from_driver && call->data.len && !is_elsewhere(&call->data);
	const bool out = call->out.len && !is_elsewhere(&call->out);

	if (out || !data)
		bytes_print_line(call->out.data, printed_out(call), w->form);
	if (data)
		bytes_print_line(call->data.data, printed_data(call), w->form);
}

int call_report(const struct wishes *w, struct call *call, int ret, const char *sentence)
{
	if (json) {
		print_json(w, call, sentence);
		return status_of(ret);
	}
	if (ret)
		return complain(ret, "%s", sentence);
	if (w->follow) {
		print_followed(w, call);
		return STATUS_OK;
	}
	bytes_print(call->out.data, printed_out(call), w->form, 0);
	bytes_print(call->data.data, printed_data(call), w->form, 0);
	if (w->repeat > 1)
		fprintf(stderr, "%llu calls\n", w->repeat);
	return STATUS_OK;
}

static int perform(const struct wishes *w, struct call *call,
		   struct kshm_handle *handle)
{
	const struct kshm_operand in = source_operand(&call->in);
	const struct kshm_operand out = source_operand(&call->out);
	const struct kshm_operand data = source_operand(&call->data);
	const unsigned long long calls = w->repeat ?: 1;
	struct kshm_explanation why;
	char text[512] = "";
	int ret = 0;

	times_init(&call->times, calls);
	while (call->times.calls < calls && !ret) {
		times_begin(&call->times);
		ret = kshm_control(handle, call->control.code, &in, &out, &data,
				   &call->result, &why);
		times_end(&call->times);
	}
	if (ret)
		kshm_explain(&why, text, sizeof(text));
	ret = call_report(w, call, ret, text);
	times_free(&call->times);
	return ret;
}

static int open_sections(struct call *call, const struct kshm_handle *handle)
{
	bool from_driver = call->control.method == KSHM_METHOD_OUT_DIRECT;
	int ret;

	ret = source_open_section(&call->in, handle, KSHM_REGION_READ);
	if (!ret)
		ret = source_open_section(&call->out, handle, KSHM_REGION_WRITE);
	if (!ret)
		ret = source_open_section(&call->data, handle, from_driver ?
					  KSHM_REGION_WRITE : KSHM_REGION_READ);
	return ret;
}

static int open_and_perform(const struct wishes *w, struct call *call)
{
	/* No more than the code demands; any access will do for some. */
	unsigned int access = call->control.access ?: KSHM_OPEN_READ;
	const bool submitted = w->follow || w->has_timeout;
	struct kshm_handle *handle;
	int ret;

	if (submitted)
		access |= KSHM_OPEN_READ;
	ret = kshm_open(&handle, w->device, access);
	if (ret)
		return no_device(w->device, access, ret);
	ret = open_sections(call, handle);
	if (!ret)
		ret = submitted ? call_submitted(w, call, handle) :
				  perform(w, call, handle);
	kshm_close(handle);
	return ret;
}

/* What one option says of another; 0, or the exit status, having complained. */
static int check_wishes(const struct wishes *w)
{
	if ((w->count || w->pending) && !w->follow)
		return complain_as(STATUS_USAGE, EINVAL, "%s says something of --follow only: give that, too, or leave it out",
				   w->count ? "--count" : "--pending");
	if (w->repeat && (w->follow || w->has_timeout))
		return complain_as(STATUS_USAGE, EINVAL, "--repeat waits for each call by itself: with %s say --follow and --count",
				   w->follow ? "--follow" : "--timeout");
	return STATUS_OK;
}

static void choose_form(struct wishes *w)
{
	if (w->has_form)
		return;
	if (w->follow)
		w->form = BYTES_HEX;
	else
		w->form = isatty(STDOUT_FILENO) ? BYTES_DUMP : BYTES_RAW;
}

int call(const struct command *command, int argc, char **argv)
{
	struct wishes w = { .method = KSHM_METHOD_ANY };
	const char *names[2];
	const struct arguments arguments = {
		.least = 2, .most = 2, .arguments = names,
		.options = call_options, .option = call_option, .data = &w,
	};
	struct call call = { };
	int ret;

	parse_arguments(command, argc, argv, &arguments);
	w.device = names[0];
	w.control = names[1];
	choose_form(&w);
	ret = check_wishes(&w);
	if (ret == STATUS_OK)
		ret = find_control(&w, &call);
	if (ret == STATUS_OK)
		ret = open_sources(&w, &call);
	if (ret == STATUS_OK)
		ret = open_and_perform(&w, &call);
	source_close(&call.in);
	source_close(&call.out);
	source_close(&call.data);
	return ret;
}
