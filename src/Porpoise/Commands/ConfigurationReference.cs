using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;
using Porpoise.Serving;
using Porpoise.Worker.Runners.Spark;

namespace Porpoise.Commands;

/// <summary>Writes docs/reference/configuration.md from the options of <c>porpoise serve</c>.</summary>
internal static class ConfigurationReference
{
    private const string Beginning =
        """
        # Settings of the server

        Every setting of `porpoise serve`. This page is written by `porpoise reference configuration`, from the options themselves; a test compares the two. There is no settings file, and none is read from the current folder: what
        is not said here cannot be set. A setting that cannot be read, or is out of its range, is told at the start, and the server does not start.

        What belongs to the account and its workspaces (users, policies, queues, worker groups, environments, data sources) is no setting: it is kept in the data folder and changed while the server runs, with the
        [command line](cli.md) or the [API](operations.md). What the commands that call a server read is in [cli.md](cli.md#where-and-as-whom).

        An option counts before its variable.

        | option | variable | default | takes | meaning |
        |---|---|---|---|---|

        """;

    private const string Middle =
        """

        ## Variables that have no option

        | variable | default | meaning |
        |---|---|---|

        """;

    private const string End = """

        What a task finds in its environment is in [attempts.md](attempts.md).

        ## Fixed on purpose

        Durability cannot be weakened: there is no setting that answers before the disk has what was said. Limits that protect the service (sizes of calls, lists, values, pages) are in [api.md](api.md).
        Crash dumps are always off: a dump would hold secrets ([security](../../SECURITY.md)).

        """;

    private static readonly (string Name, string Otherwise, string Meaning)[] Variables =
    [
        (DataFolder.MasterKeyVariable, "`master.key` in the data folder", "The file with the keys that encrypt stored secrets ([master-key.md](../operate/master-key.md)); also for `backup`, `restore`, `doctor` and `master-key`"),
        .. SparkSettings.Passed.Select(name => (name, "", "Handed on to Spark tasks")),
    ];

    public static string Write(Command serve)
    {
        var page = new StringBuilder(Beginning);
        foreach (var option in serve.Options.Where(o => o is not HelpOption).OrderBy(o => o.Name, StringComparer.Ordinal))
        {
            var variable = option is VariableOption { Variable: { } name } ? $"`{name}`" : "";
            page.Append(CultureInfo.InvariantCulture, $"| `{option.Name}` | {variable} | {DefaultOf(option)} | {TakenBy(option)} | {Cell(option is VariableOption { Meaning: var meaning } ? meaning : option.Description)} |\n");
        }

        page.Append(Middle);
        foreach (var (name, otherwise, use) in Variables)
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{name}` | {otherwise} | {use} |\n");
        }

        return page.Append(End).ToString();
    }

    private static string DefaultOf(Option option) => option switch
    {
        NumberOption { DefaultInWords: { } words } => words,
        VariableOption { DefaultInWords: var words } => words is null ? "" : $"`{words}`",
        Option<bool> => "off",
        { HasDefaultValue: true } when option.GetDefaultValue() is { } value and not Array => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
        _ => "",
    };

    private static string TakenBy(Option option) => option switch
    {
        NumberOption number => string.Create(CultureInfo.InvariantCulture, $"{number.Min:N0} to {number.Max:N0}"),
        Option<bool> => "nothing",
        _ when option.ValueType.IsArray => "a text, several times",
        _ => "a text",
    };

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
