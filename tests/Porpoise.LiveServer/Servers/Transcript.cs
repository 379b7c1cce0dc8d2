namespace Porpoise.LiveServer.Servers;

/// <summary>Puts what the servers printed beside a failure.</summary>
public static class Transcript
{
    private const int LengthMax = 20_000;

    public static void WriteIfFailed(Installation installation)
    {
        var context = TestContext.Current;
        if (context.TestState?.Result == TestResult.Failed)
        {
            var text = installation.Transcript;
            context.TestOutputHelper?.WriteLine(text.Length <= LengthMax ? text : "…" + text[^LengthMax..]);
        }
    }
}
