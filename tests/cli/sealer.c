// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - adds seals against writing to the section that kshmctl section exec gave
 *
 * Exits with the number of the first of them that could be added, or 0.
 */
#include <fcntl.h>
#include <stdlib.h>

/* Since Linux 6.3. */
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC	0x0020
#endif

int main(void)
{
	static const int seals[] = {
		F_SEAL_SEAL, F_SEAL_WRITE, F_SEAL_FUTURE_WRITE,
		F_SEAL_FUTURE_WRITE | F_SEAL_SEAL, F_SEAL_EXEC, 0
	};
	const char *text = getenv("KSHM_SECTION_FD");
	int i;

	if (!text)
		return 100;
	for (i = 0; seals[i]; i++)
		if (!fcntl(atoi(text), F_ADD_SEALS, seals[i]))
			return i + 1;
	return 0;
}
