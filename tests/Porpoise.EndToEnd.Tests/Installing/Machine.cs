namespace Porpoise.EndToEnd.Tests.Installing;

/// <summary>The heads of programs and libraries: for which processor they are.</summary>
internal static class Machine
{
    public const int X64 = 62;
    public const int Arm64 = 183;

    private const int TypeAt = 16;
    private const int MachineAt = 18;
    private const int HeadLength = 64;

    /// <summary>64 bits, little-endian, version 1.</summary>
    private static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];

    /// <summary>Of each program or library in the bytes, also inside others, for which processor it is.</summary>
    public static IReadOnlyList<int> Find(ReadOnlySpan<byte> bytes)
    {
        var found = new List<int>();
        for (var at = 0; bytes[at..].IndexOf(Magic) is >= 0 and var next && at + next + HeadLength <= bytes.Length; at += Magic.Length)
        {
            at += next;
            if (bytes[at + TypeAt] is 2 or 3) // a program or a library; anything else is a constant of a program that reads such heads
            {
                found.Add(bytes[at + MachineAt] | (bytes[at + MachineAt + 1] << 8));
            }
        }

        return found;
    }
}
