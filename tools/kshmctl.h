/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshmctl - what its commands share: the command table's row, exit statuses,
 * complaints
 */
#ifndef KSHMCTL_H
#define KSHMCTL_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <kshm.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* Exit statuses. */
enum {
	STATUS_OK = 0,
	STATUS_FAILED = 1,	/* the request failed */
	STATUS_USAGE = 2,
	STATUS_ABSENT = 3,	/* no module, no such device or control */
	STATUS_PERMISSION = 4,
	STATUS_CANCELLED = 5,	/* timed out or cancelled */
};

/**
 * struct command - a command
 * @words: how it is called, one or two words
 * @arguments: for the usage line
 * @help: one line
 * @run: gets the arguments behind the words, argv[0] being the words; returns
 *	the exit status
 */
struct command {
	const char *words;
	const char *arguments;
	const char *help;
	int (*run)(const struct command *command, int argc, char **argv);
};

int device_list(const struct command *command, int argc, char **argv);
int device_show(const struct command *command, int argc, char **argv);
int call(const struct command *command, int argc, char **argv);
int section_create(const struct command *command, int argc, char **argv);
int section_list(const struct command *command, int argc, char **argv);
int section_show(const struct command *command, int argc, char **argv);
int section_read(const struct command *command, int argc, char **argv);
int section_write(const struct command *command, int argc, char **argv);
int section_remove(const struct command *command, int argc, char **argv);
int section_exec(const struct command *command, int argc, char **argv);
int code_encode(const struct command *command, int argc, char **argv);
int code_decode(const struct command *command, int argc, char **argv);
int handle_list(const struct command *command, int argc, char **argv);
int info(const struct command *command, int argc, char **argv);
int explain(const struct command *command, int argc, char **argv);
int version(const struct command *command, int argc, char **argv);
int doctor(const struct command *command, int argc, char **argv);
int new_driver(const struct command *command, int argc, char **argv);

/* Whether --json was given; set by the parser of arguments. */
extern bool json;

/*
 * Parses the options and arguments of a command: @options, NULL for none but the
 * common ones, and @most arguments, stored at @arguments in their order with NULL
 * for those not given. With @rest a command of somebody else's has to follow them, of
 * one word at least, whose options are its own. Does not return on a usage error or
 * --help.
 */
struct arguments {
	size_t least;
	size_t most;
	const char **arguments;
	char ***rest;
	const struct argp_option *options;
	/* Called with the option's key; complains with usage_error(). */
	void (*option)(int key, const char *value, struct argp_state *state,
		       void *data);
	void *data;
};

void parse_arguments(const struct command *command, int argc, char **argv,
		     const struct arguments *arguments);

/* A number with an optional 0x before or K, M, G behind it. */
bool parse_number(const char *text, unsigned long long *number);

/*
 * Complains, on stderr or as JSON, and returns the exit status that belongs to
 * the errno: of a request, or of opening a device.
 */
__attribute__((format(printf, 2, 3)))
int complain(int error, const char *format, ...);

/* The same for what is no request: the exit status is given and returned. */
__attribute__((format(printf, 3, 4)))
int complain_as(int status, int error, const char *format, ...);
int status_of(int error);

/* Complains that a device cannot be had, for @access, and suggests another one. */
int no_device(const char *name, unsigned int access, int error);

/* As kshm_controls(), of a device by its name or a path, as kshm_open() takes it. */
int controls_of(const char *device, struct kshm_control_entry ***controls);

/* The same of the command line, which is wrong; does not return. */
__attribute__((format(printf, 2, 3), noreturn))
void usage_error(const struct argp_state *state, const char *format, ...);

/* Complains about the option that argp gave up at; does not return. */
__attribute__((noreturn))
void wrong_option(const struct argp_state *state,
		  const struct argp_option *own,
		  const struct argp_option *common);

/* Whether --json is among words that nobody has parsed. */
bool wants_json(int argc, char **argv);

__attribute__((noreturn))
void out_of_memory(void);

/* Standard input, output and error, at the start and at the end. */
void standard_occupy(void);
void standard_finish(void);
__attribute__((noreturn))
void standard_output_failed(int error);

/* A copy that can be shown on any terminal, the caller's to free. */
char *printable(const char *text);

/* The name of a file as a word of a shell's command line, the same. */
char *shell_word(const char *name);

/* KSHM_METHOD_* and KSHM_ACCESS_* of a word; a wrong one is a usage error. */
int method_of(const char *name, const struct argp_state *state);
int access_of(const char *name, const struct argp_state *state);

/* The name in @names that is nearest to @name, or NULL if none is near. */
const char *nearest(const char *name, const char *const *names, size_t nr);

#endif /* KSHMCTL_H */
