using System.Globalization;

namespace Porpoise.Worker.Processes;

/// <summary>The user that tasks run as when the server is root. All tasks are the same user.</summary>
public sealed record TaskUser(string Name, uint User, uint Group)
{
    /// <summary>Asked for by this name, tasks stay root.</summary>
    public const string Root = "root";

    /// <summary>Whom tasks become when nobody says: a user made for them, or else the one who owns nothing.</summary>
    private static readonly string[] Usual = ["porpoise-task", "nobody"];

    /// <summary>Null: tasks run as the server does, because it is not root, or because root was asked for.</summary>
    /// <param name="asked">A name, a number, or user and group numbers (<c>1500:1500</c>); null: the usual one.</param>
    /// <exception cref="PlatformNotSupportedException">There is no such user, or the server may not become another; the message says what to do.</exception>
    public static TaskUser? Choose(string? asked)
    {
        var self = Libc.EffectiveUser();
        if (self != 0)
        {
            return asked is null || Find(asked)?.User == self
                ? null
                : throw new PlatformNotSupportedException($"Tasks can run as '{asked}' only if the server is started as root. Leave out --task-user, or start it as root.");
        }

        if (asked is not null)
        {
            var found = Find(asked) ?? throw new PlatformNotSupportedException($"There is no user '{asked}' for the tasks. Make one (useradd --system porpoise-task), or give --task-user another.");
            return found.User == 0 ? null : found;
        }

        return Usual.Select(Find).FirstOrDefault(static user => user is { User: not 0, Group: not 0 })
            ?? throw new PlatformNotSupportedException(
                "The server is root and finds no user for the tasks. Make one (useradd --system porpoise-task), or name one with --task-user; --task-user root leaves them all rights.");
    }

    /// <summary>Null: there is none.</summary>
    private static TaskUser? Find(string text)
    {
        var parts = text.Split(':');
        if (parts is [var user, var group] && Number(user) is { } uid && Number(group) is { } gid)
        {
            return new TaskUser(text, uid, gid);
        }

        return Number(text) is { } number
            ? Libc.FindUser(number) is { } known ? new TaskUser(known.Name, number, known.Group) : new TaskUser(text, number, number)
            : Libc.FindUser(text) is { } named ? new TaskUser(text, named.User, named.Group) : null;
    }

    /// <summary>The last number means "nobody in particular" to the system, and is none.</summary>
    private static uint? Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != uint.MaxValue ? number : null;
}
