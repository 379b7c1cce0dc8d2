using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Porpoise.Worker.Tests.Attempts;

// The suites once more with the shim in POSIX sh, which serves where the small program cannot run.
public sealed class RunningWithShellShimTests : RunningTests
{
    protected override bool UseShellShim => true;
}

public sealed class EndWithShellShimTests : EndTests
{
    protected override bool UseShellShim => true;
}

public sealed class LeftWithShellShimTests : LeftTests
{
    protected override bool UseShellShim => true;
}

public sealed class ResumeWithShellShimTests : ResumeTests
{
    protected override bool UseShellShim => true;
}

public sealed class FullDiskWithShellShimTests : FullDiskTests
{
    protected override bool UseShellShim => true;
}

public sealed class TaskUserWithShellShimTests : TaskUserTests
{
    protected override bool UseShellShim => true;
}

public sealed class NativeShimTests
{
    [Fact]
    public void The_program_that_is_shipped_is_built_from_its_source()
    {
        var folder = FindShims();
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || !File.Exists("/usr/bin/gcc"))
        {
            Assert.Skip("It takes gcc on an x86-64 machine to build the shim.");
        }

        var built = Path.GetTempFileName();
        try
        {
            using var build = Process.Start(new ProcessStartInfo(Path.Combine(folder, "build.sh"), [built]))!;
            build.WaitForExit();
            Assert.Equal(0, build.ExitCode);
            Assert.SkipUnless(new FileInfo(built).Length == new FileInfo(Path.Combine(folder, "shim-x64")).Length, "Another version of gcc builds another program.");
            Assert.Equal(File.ReadAllBytes(built), File.ReadAllBytes(Path.Combine(folder, "shim-x64")));
        }
        finally
        {
            File.Delete(built);
        }
    }

    private static string FindShims()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "Porpoise.slnx")))
        {
            at = at.Parent;
        }

        return Path.Combine(at.FullName, "src/Porpoise.Worker/Shims");
    }
}
