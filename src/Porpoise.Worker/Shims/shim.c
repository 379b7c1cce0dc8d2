/*
 * The shim between the server and a task, without libc: see Shim.cs for what it promises, and shim.sh for the same in POSIX sh.
 * A program linked with libc spends most of its start on finding out what processor it runs on, which is slow in virtual machines;
 * this one costs a fifth of what the shell costs. Built by build.sh; the result is kept beside this file.
 *
 * Arguments: 1 the attempt's work folder, beside which its files stand, 2 the shell that runs its script, 3 the boot id, 4 the umask for the task,
 * 5 and 6 the user and the group that the task becomes (user 0: it stays what the server is), and its limits, 0 for none: 7 open files,
 * 8 processes of that user, 9 KiB of memory of each process, 10 its seconds of processor time. Numbers are decimal, but for the umask.
 */
typedef unsigned long word;
typedef long sword;

enum { SYS_read = 0, SYS_write = 1, SYS_open = 2, SYS_close = 3, SYS_lseek = 8, SYS_rt_sigprocmask = 14, SYS_access = 21, SYS_nanosleep = 35,
       SYS_fork = 57, SYS_execve = 59, SYS_exit = 60, SYS_wait4 = 61, SYS_chdir = 80, SYS_umask = 95, SYS_setgroups = 116, SYS_setresuid = 117, SYS_setresgid = 119, SYS_prctl = 157, SYS_setrlimit = 160 };
enum { WNOHANG = 1, PR_SET_CHILD_SUBREAPER = 36 };
enum { RLIMIT_CPU = 0, RLIMIT_DATA = 2, RLIMIT_CORE = 4, RLIMIT_NPROC = 6, RLIMIT_NOFILE = 7, PR_SET_NO_NEW_PRIVS = 38 };
enum { O_WRONLY = 1, O_CREAT = 0100, O_EXCL = 0200, O_TRUNC = 01000, O_CLOEXEC = 02000000, SIG_BLOCK = 0, SIG_SETMASK = 2, EACCES = 13, EAGAIN = 11, EINTR = 4 };
enum { CLAIMED_BEFORE = 125, NOT_READY = 124, FOLDER_GONE = 126, NOT_ALLOWED = 126, NOT_FOUND = 127, PATH_MAX = 4096, GRACE = 5 };

static sword call(word n, word a, word b, word c, word d)
{
    sword result;
    register word r10 __asm__("r10") = d;
    register word r8 __asm__("r8") = 0;
    __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
    return result;
}

static void leave(int code) { for (;;) call(SYS_exit, code, 0, 0, 0); }

static void pause_a_second(void)
{
    sword second[2] = { 1, 0 };
    call(SYS_nanosleep, (word)second, 0, 0, 0);
}

static word length(const char *text) { word n = 0; while (text[n]) n++; return n; }

/* folder + name; a folder that is too long for this buffer was refused by the kernel when the server made it */
static const char *path_in(char *buffer, const char *folder, const char *name)
{
    word n = 0;
    while (*folder && n < PATH_MAX - 16) buffer[n++] = *folder++;
    while (*name) buffer[n++] = *name++;
    buffer[n] = 0;
    return buffer;
}

static int write_all(int file, const char *text, word size)
{
    while (size > 0) {
        sword written = call(SYS_write, file, (word)text, size, 0);
        if (written <= 0) return 0;
        text += written;
        size -= written;
    }
    return 1;
}

static word parse(const char *text, int radix)
{
    word value = 0;
    while (*text >= '0' && *text < '0' + radix) value = value * radix + (*text++ - '0');
    return value;
}

static void refuse(int code, const char *reason)
{
    write_all(2, reason, length(reason));
    leave(code);
}

static void limit(int what, word soft, word hard)
{
    word both[2] = { soft, hard };
    if (call(SYS_setrlimit, what, (word)both, 0, 0) != 0) refuse(NOT_ALLOWED, "[porpoise] not started: the system does not let its limits be set\n");
}

/* In the child, before it becomes the task. What cannot be given up must not be kept: then nothing runs. */
static void give_up_rights(char **numbers)
{
    word user = parse(numbers[0], 10), group = parse(numbers[1], 10), files = parse(numbers[2], 10), processes = parse(numbers[3], 10), memory = parse(numbers[4], 10), seconds = parse(numbers[5], 10);
    limit(RLIMIT_CORE, 0, 0);
    if (files) limit(RLIMIT_NOFILE, files, files);
    if (memory) limit(RLIMIT_DATA, memory * 1024, memory * 1024);
    if (seconds) limit(RLIMIT_CPU, seconds, seconds + GRACE); /* XCPU, which says what happened, and KILL for who ignores it */
    if (user == 0) return;
    if (processes) limit(RLIMIT_NPROC, processes, processes);
    if (call(SYS_setgroups, 0, 0, 0, 0) != 0 || call(SYS_setresgid, group, group, group, 0) != 0 || call(SYS_setresuid, user, user, user, 0) != 0
        || call(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0) != 0)
        refuse(NOT_ALLOWED, "[porpoise] not started: the system does not let the server, which is root, become the tasks' user\n");
}

/* What the server looks for after a restart: "BOOT-ID " and this process's own line of /proc/PID/stat. */
static word read_identity(char *line, word size, const char *boot_id)
{
    word n = 0;
    while (*boot_id && n < 64) line[n++] = *boot_id++;
    line[n++] = ' ';
    int stat = call(SYS_open, (word)"/proc/self/stat", O_CLOEXEC, 0, 0);
    sword got = stat < 0 ? -1 : call(SYS_read, stat, (word)(line + n), size - n, 0);
    if (got <= 0) leave(NOT_READY);
    call(SYS_close, stat, 0, 0, 0);
    return n + got;
}

static int run(const char *folder, const char *shell, char **numbers, char **environment, char *path)
{
    sword child = call(SYS_fork, 0, 0, 0, 0);
    while (child < 0) {
        pause_a_second(); /* no room for another process right now; the claim is ours, so waiting is safe */
        child = call(SYS_fork, 0, 0, 0, 0);
    }

    if (child == 0) {
        word none = 0;
        const char *arguments[] = { shell, path_in(path, folder, ".script"), 0 };
        give_up_rights(numbers);
        call(SYS_rt_sigprocmask, SIG_SETMASK, (word)&none, 0, 8);
        sword error = call(SYS_execve, (word)shell, (word)arguments, (word)environment, 0);
        if (error == -EAGAIN) refuse(NOT_ALLOWED, "[porpoise] not started: the tasks' user has as many processes as it may have\n");
        refuse(error == -EACCES ? NOT_ALLOWED : NOT_FOUND, "[porpoise] not started: the shell that runs its script cannot be executed\n");
    }

    /* Orphans of the script become children of this process, which has to clear them away when they end. */
    int status = 0, ended = 0;
    for (sword one = 0; one != child && (one >= 0 || one == -EINTR); status = ended) one = call(SYS_wait4, -1, (word)&ended, 0, 0);
    return (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
}

/* Whether processes that the script started still run. */
static int has_left(void)
{
    sword one;
    do one = call(SYS_wait4, -1, 0, WNOHANG, 0); while (one > 0);
    return one == 0;
}

static void write_exit(const char *folder, int code, int left, char *path)
{
    static const char word_for_left[] = " left";
    char text[16];
    word n = 0;
    if (code >= 100) text[n++] = '0' + code / 100;
    if (code >= 10) text[n++] = '0' + code / 10 % 10;
    text[n++] = '0' + code % 10;
    for (word i = 0; left && word_for_left[i]; i++) text[n++] = word_for_left[i];
    text[n++] = '\n';
    for (;;) {
        int file = call(SYS_open, (word)path_in(path, folder, ".exit"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600, 0);
        if (file >= 0) {
            int done = write_all(file, text, n);
            call(SYS_close, file, 0, 0, 0);
            if (done) return;
        }
        if (call(SYS_access, (word)folder, 0, 0, 0) != 0) leave(FOLDER_GONE);
        pause_a_second();
    }
}

__attribute__((used)) static void start(word *stack)
{
    static char path[PATH_MAX + 32], line[2048];
    char **arguments = (char **)(stack + 1);
    if (stack[0] != 11) leave(NOT_READY);
    char **environment = arguments + 12;
    const char *folder = arguments[1];

    /* Held back, not handled: a TERM to the whole session must not keep the exit code from being written. The child gets them again. */
    word all = ~0UL;
    call(SYS_rt_sigprocmask, SIG_BLOCK, (word)&all, 0, 8);
    call(SYS_umask, 077, 0, 0, 0);
    if (call(SYS_chdir, (word)folder, 0, 0, 0) != 0) leave(NOT_READY);
    word size = read_identity(line, sizeof line, arguments[3]);

    int claim = call(SYS_open, (word)path_in(path, folder, ".claim"), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600, 0);
    if (claim < 0) leave(CLAIMED_BEFORE);
    while (!write_all(claim, line, size)) {
        pause_a_second();
        call(SYS_lseek, claim, 0, 0, 0);
    }
    call(SYS_close, claim, 0, 0, 0);

    call(SYS_umask, parse(arguments[4], 8), 0, 0, 0);
    call(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0);
    int code = run(folder, arguments[2], arguments + 5, environment, path);
    call(SYS_umask, 077, 0, 0, 0);
    write_exit(folder, code, has_left(), path);
    leave(0);
}

__attribute__((naked, used)) void _start(void) { __asm__("mov %rsp, %rdi\n and $-16, %rsp\n call start\n hlt"); }
