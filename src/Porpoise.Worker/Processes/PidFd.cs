using Microsoft.Win32.SafeHandles;

namespace Porpoise.Worker.Processes;

/// <summary>A file descriptor that stands for one process, for ever: readable once it has ended, never a later process of the same number.</summary>
internal sealed class PidFd : SafeHandleMinusOneIsInvalid
{
    public PidFd(nint fd)
        : base(ownsHandle: true) => SetHandle(fd);

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
