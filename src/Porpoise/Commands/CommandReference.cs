using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;
using Porpoise.Commands.Connections;

namespace Porpoise.Commands;

/// <summary>Writes docs/reference/cli.md from the commands themselves.</summary>
internal static class CommandReference
{
    private const string Beginning =
        """
        # The command line

        This page is written by `porpoise reference cli`; a test compares the two.

        `porpoise serve` is the server. The other commands call one, over the same HTTP API as everybody, or look after a data folder. Data goes to standard output,
        everything else to standard error; with `--json` data is JSON, and so is the message of a refused call on standard error. Tables are as wide as what stands in them: a terminal goes on
        below with a line that is longer than it, and nothing is left out. On a terminal logs keep their colours and lose the other control characters, which it would obey; pipes and files get the bytes.

        ## Where, and as whom

        | from | endpoint | credentials | workspace |
        |---|---|---|---|
        | options | `--endpoint` | `--data DIR`: the owner, by the `root-key.json` in it · `--profile NAME` | `--workspace` |
        | environment | `PORPOISE_ENDPOINT` | `PORPOISE_ACCESS_KEY_ID` with `PORPOISE_ACCESS_KEY_SECRET`, and `PORPOISE_SECURITY_TOKEN` for a temporary key · `PORPOISE_TOKEN` · `PORPOISE_PROFILE` | `PORPOISE_WORKSPACE` |
        | profile in use | `~/.porpoise/config.json` | the same | the same |
        | otherwise | `http://127.0.0.1:12345` | `.porpoise/root-key.json` in the current folder, where a server keeps its data unless it is told otherwise | the only one that you can reach |

        The first that is there counts; credentials come whole from one place. A profile that is named by `--profile` counts before the environment. With an access key calls
        are signed, so that its secret stays on your machine; a token travels with every call. No option takes a secret, because lists of processes would show it.

            porpoise configure                                  # asks
            porpoise configure --data ./data                    # the owner of the server with this data folder
            printf '%s\n' "$SECRET" | porpoise configure --profile prod --endpoint https://porpoise.example.com --mode AK --access-key-id LTAI… --secrets-stdin

        ## Exit codes

        | code | meaning |
        |---|---|
        | 0 | done |
        | 1 | refused, or failed; the message says why |
        | 2 | the command line, a profile or the environment is not complete |
        | 3 | there is no such thing |
        | 4 | the caller is not known, or may not; of `policy check`: the answer is no |
        | 5 | no server answers, or it is not available at the moment (also: too many calls) |
        | 6 | the run that was waited for ended otherwise than with SUCCESS |
        | 7 | the run had not ended when the time to wait for it was over |
        | 8 | of `workflow diff`: the file and the server are different |
        | 141 | of `run logs`, of commands with `--wait` and of `audit export`: whoever read the output has gone, such as `head -1` behind a pipe. What was started goes on |

        Calls that may be repeated without harm are repeated up to three times when no server answers or the service is not available. A start carries a token of its own, so a repeated one is
        the same run.

        ## Completion

        `eval "$(porpoise completion bash)"`, or `zsh`; `porpoise completion fish`.

        ## Options of all commands that call a server

        """;

    public static string Write(RootCommand root)
    {
        var page = new StringBuilder(Beginning).Append("\n| option | |\n|---|---|\n");
        foreach (var option in ConnectionOptions.All)
        {
            Append(page, option);
        }

        page.Append("\n## Commands\n");
        foreach (var command in root.Subcommands.OrderBy(c => c.Name, StringComparer.Ordinal))
        {
            Append(page, command, command.Name);
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, Command command, string path)
    {
        if (command.Hidden)
        {
            return;
        }

        page.Append(CultureInfo.InvariantCulture, $"\n{(path.Contains(' ', StringComparison.Ordinal) ? "####" : "###")} porpoise {path}");
        foreach (var argument in command.Arguments)
        {
            page.Append(argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name.ToUpperInvariant()}]" : $" {argument.Name.ToUpperInvariant()}");
        }

        page.Append("\n\n").Append(command.Description).Append(".\n");
        var options = command.Options.Where(o => o is not HelpOption && !ConnectionOptions.All.Contains(o)).ToList();
        if (command.Arguments.Count + options.Count > 0)
        {
            page.Append("\n| | |\n|---|---|\n");
        }

        foreach (var argument in command.Arguments)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {argument.Name.ToUpperInvariant()} | {Cell(argument.Description)} |\n");
        }

        foreach (var option in options)
        {
            Append(page, option);
        }

        foreach (var below in command.Subcommands)
        {
            Append(page, below, path + " " + below.Name);
        }
    }

    private static void Append(StringBuilder page, Option option)
    {
        var names = string.Join(", ", option.Aliases.Order(StringComparer.Ordinal).Prepend(option.Name).Select(n => $"`{n}`"));
        page.Append(CultureInfo.InvariantCulture, $"| {names}{(option.Required ? " (required)" : "")} | {Cell(option.Description)} |\n");
    }

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
