using System.CommandLine;
using Porpoise.Client.Identities;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Access;

/// <summary>What commands that administer who may do what take.</summary>
internal static class IdentityOptions
{
    public static readonly Option<string?> User = new("--user", "-u") { Description = "A user, by its name" };
    public static readonly Option<string?> Group = new("--group", "-g") { Description = "A group, by its name" };
    public static readonly Option<string?> Role = new("--role", "-r") { Description = "A role, by its name" };
    public static readonly Option<string?> Description = new("--description") { Description = "A text for people" };

    public static Argument<string> Name(string description) => new("name") { Description = description };

    /// <summary>Whom the options name.</summary>
    /// <param name="kinds">Those of the options that the command has.</param>
    /// <exception cref="UsageException">Not exactly one of them was used.</exception>
    public static IdentityName Who(CommandCall call, params ReadOnlySpan<Option<string?>> kinds)
    {
        var named = new List<IdentityName>();
        var names = new List<string>();
        foreach (var kind in kinds)
        {
            names.Add(kind.Name);
            if (call.Get(kind) is { } name)
            {
                named.Add(new IdentityName(kind.Name[2..], name));
            }
        }

        return named is [var who] ? who : throw new UsageException($"Say whom: one of {string.Join(", ", names)}.");
    }

    /// <summary>The text of a file, or of standard input for <c>-</c>.</summary>
    public static async Task<string> ReadTextAsync(string path, CancellationToken ct) => path == "-" ? await Console.In.ReadToEndAsync(ct) : await File.ReadAllTextAsync(path, ct);
}
