using System.Diagnostics;
using Porpoise.Core.DataSources;
using Porpoise.Worker.Runners;

namespace Porpoise.Worker.Tests.Databases;

/// <summary>PostgreSQL of Debian's.</summary>
public sealed class PostgreSqlServer : DatabaseServer
{
    private const string User = "postgres";

    public override DataSourceAccess Access => new(new DataSourceSettings("pg", DataSourceType.PostgreSql, "", "127.0.0.1", Port, "postgres", User, ""), Password);

    private string Data => Path.Combine(Folder, "data");

    protected override async Task PrepareAsync()
    {
        await InstallAsync("postgresql", static () => Find());
        var secret = Path.Combine(Folder, "secret");
        await File.WriteAllTextAsync(secret, Password);
        await RunAsAsync(User, Path.Combine(Find()!, "initdb"), "-D", Data, "-U", User, "-A", "scram-sha-256", "--pwfile", secret, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
    }

    protected override Task<Process> LaunchAsync() =>
        LaunchAsAsync(User, Path.Combine(Find()!, "postgres"), "-D", Data, "-p", PortText, "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={Folder}", "-c", "fsync=off");

    /// <summary>The newest of those that are installed.</summary>
    private static string? Find() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;
}
