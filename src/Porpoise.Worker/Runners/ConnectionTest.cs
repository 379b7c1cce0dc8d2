using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Porpoise.Worker.Runners;

/// <summary>Tries to connect to a data source, in a process of its own: the server loads no driver, and a password goes through a pipe and nowhere else.</summary>
/// <param name="program">Our own program.</param>
public sealed class ConnectionTest(string program) : IDisposable
{
    private const int AtOnceMax = 4;
    private const int ShownMax = 4_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _turns = new(AtOnceMax);

    /// <summary>Null: it worked. Otherwise why not, for people.</summary>
    public async Task<string?> TryAsync(DataSourceAccess source, CancellationToken ct)
    {
        await _turns.WaitAsync(ct);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Patience);
            return await RunAsync(new JobInput(new JobSettings(), null).WriteConnect(source), limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"There was no answer within {Patience.TotalSeconds:0} s.";
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return $"The test cannot be run: {e.Message}";
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task<string?> RunAsync(string document, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, ["run-task", TaskRunner.StandardInput]) { RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        start.Environment.Clear();
        start.Environment["LANG"] = "C.UTF-8";
        if (Environment.GetEnvironmentVariable(TaskRunner.DotnetRootVariable) is { } root)
        {
            start.Environment[TaskRunner.DotnetRootVariable] = root;
        }

        using var process = Process.Start(start) ?? throw new IOException("No process was started.");
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(document), ct);
            process.StandardInput.Close();
            var said = await process.StandardOutput.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0 ? null : LastLine(said);
        }
        finally
        {
            process.Kill(); // no error when it has ended
        }
    }

    /// <summary>Without the time, and without the word for the failure.</summary>
    private static string LastLine(string said)
    {
        var at = said.IndexOf(TaskRunner.FailureSign, StringComparison.Ordinal);
        var text = (at < 0 ? said : said[(at + TaskRunner.FailureSign.Length)..]).Trim();
        return text.Length switch
        {
            0 => "The process that connects ended without a word.",
            > ShownMax => text[..ShownMax] + "…",
            _ => text,
        };
    }
}
