/* Makes ONNX Runtime see a processor that has AVX2 and nothing newer, at native speed: see README.md.
   The copy of the library that `run` makes has an instruction that no 64-bit processor knows in place of each CPUID; the signal that follows is answered here. */
#define _GNU_SOURCE
#include <cpuid.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

static struct sigaction next_handler;

/* CPUID, without AVX-512, AVX-VNNI, AMX, AVX10 and what else came after AVX2. */
static void answer(greg_t *registers)
{
    unsigned leaf = (unsigned)registers[REG_RAX], part = (unsigned)registers[REG_RCX], a, b, c, d;
    __cpuid_count(leaf, part, a, b, c, d);
    if (leaf == 7 && part == 0) {
        b &= ~((1u << 16) | (1u << 17) | (1u << 21) | (1u << 26) | (1u << 27) | (1u << 28) | (1u << 30) | (1u << 31));
        c &= ~((1u << 1) | (1u << 6) | (1u << 11) | (1u << 12) | (1u << 14));
        d &= ~((1u << 2) | (1u << 3) | (1u << 8) | (1u << 22) | (1u << 23) | (1u << 24) | (1u << 25));
    } else if (leaf == 7 && part == 1) {
        a &= ~((1u << 4) | (1u << 5) | (1u << 21) | (1u << 23));
        d &= ~((1u << 4) | (1u << 5) | (1u << 8) | (1u << 10) | (1u << 19));
    } else if (leaf == 0x24) {
        a = b = c = d = 0;
    }
    registers[REG_RAX] = a;
    registers[REG_RBX] = b;
    registers[REG_RCX] = c;
    registers[REG_RDX] = d;
}

static int set(int signal, const struct sigaction *action, struct sigaction *old)
{
    static int (*real)(int, const struct sigaction *, struct sigaction *);
    if (real == NULL)
        real = (int (*)(int, const struct sigaction *, struct sigaction *))dlsym(RTLD_NEXT, "sigaction");
    return real(signal, action, old);
}

static void on_illegal(int signal, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    if (memcmp((void *)registers[REG_RIP], "\x06\xa2", 2) == 0) {
        answer(registers);
        registers[REG_RIP] += 2;
    } else if (next_handler.sa_flags & SA_SIGINFO) {
        next_handler.sa_sigaction(signal, info, context);
    } else if (next_handler.sa_handler != SIG_DFL && next_handler.sa_handler != SIG_IGN) {
        next_handler.sa_handler(signal);
    } else {
        abort();
    }
}

/* .NET sets a handler of its own: it is called for what is not ours. */
int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
    if (signal != SIGILL)
        return set(signal, action, old);
    if (old != NULL)
        *old = next_handler;
    if (action == NULL)
        return 0;
    next_handler = *action;
    struct sigaction own = { .sa_sigaction = on_illegal, .sa_flags = SA_SIGINFO | SA_RESTART | (action->sa_flags & SA_ONSTACK) };
    return set(signal, &own, NULL);
}

__attribute__((constructor)) static void start(void)
{
    struct sigaction own = { .sa_sigaction = on_illegal, .sa_flags = SA_SIGINFO | SA_RESTART };
    set(SIGILL, &own, &next_handler);
}

/* The copy takes the library's place. */
void *dlopen(const char *path, int flags)
{
    static void *(*real)(const char *, int);
    if (real == NULL)
        real = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
    const char *copy = getenv("ONNXRUNTIME_AVX2"), *name = path == NULL ? NULL : strrchr(path, '/');
    if (copy == NULL || name == NULL || strcmp(name, "/libonnxruntime.so") != 0)
        return real(path, flags);
    return real(copy, flags);
}
