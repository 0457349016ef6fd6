/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: signals that end a call which waits
 */
#ifndef FUZZ_INTERRUPT_H
#define FUZZ_INTERRUPT_H

/*
 * From one to the other the calling thread gets a signal again and again, soon, so that
 * none is lost that comes before it waits.
 */
void interrupt_begin(void);
void interrupt_end(void);

#endif /* FUZZ_INTERRUPT_H */
