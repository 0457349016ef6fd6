// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - standard input, output and error
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kshmctl.h"

/*
 * No file or device that is opened later may become one of the three that the
 * caller has closed, and get what is meant for it. What takes the place of a
 * closed one fails like it when it is used.
 */
void standard_occupy(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };
	int fd;

	for (fd = 0; fd < (int)ARRAY_SIZE(modes); fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", modes[fd]);
}

void standard_output_failed(int error)
{
	const char *remedy = "look at where it goes";

	if (error == EBADF)
		remedy = "it is closed; redirect it to /dev/null if nobody wants it";
	else if (error == ENOSPC)
		remedy = "no space is left where it goes; free some and try again";
	fprintf(stderr, "kshmctl: cannot write standard output (%s): %s\n",
		strerror(error), remedy);
	_exit(STATUS_FAILED);
}

/* What was printed has to arrive: a full disk tells at the end only. */
void standard_finish(void)
{
	bool failed = ferror(stdout);

	errno = 0;
	if (fclose(stdout) || failed)
		standard_output_failed(errno ?: EIO);
}
