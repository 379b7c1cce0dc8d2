using System.Diagnostics;
using Porpoise.Core.DataSources;
using Porpoise.Worker.Runners;

namespace Porpoise.Worker.Tests.Databases;

/// <summary>MariaDB of Debian's.</summary>
public sealed class MariaDbServer : DatabaseServer
{
    private const string Program = "/usr/sbin/mariadbd";
    private const string User = "mysql";

    public override DataSourceAccess Access => new(new DataSourceSettings("maria", DataSourceType.MySql, "", "127.0.0.1", Port, "work", "tester", ""), Password);

    private string Data => Path.Combine(Folder, "data");

    private string FirstStatements => Path.Combine(Folder, "first.sql");

    protected override async Task PrepareAsync()
    {
        await InstallAsync("mariadb-server", static () => File.Exists(Program) ? Program : null);
        var password = Password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
        await File.WriteAllTextAsync(FirstStatements, $"create database if not exists work character set utf8mb4;\ncreate user if not exists tester@'%' identified by '{password}';\ngrant all on *.* to tester@'%';\n");
        await RunAsAsync(User, "/usr/bin/mariadb-install-db", "--no-defaults", $"--datadir={Data}", "--skip-test-db", "--auth-root-authentication-method=normal", "--skip-name-resolve");
    }

    protected override Task<Process> LaunchAsync() => LaunchAsAsync(
        User, Program, "--no-defaults", $"--datadir={Data}", $"--port={PortText}", $"--socket={Folder}/sock", $"--pid-file={Folder}/pid", "--bind-address=127.0.0.1", "--skip-name-resolve",
        "--character-set-server=utf8mb4", "--innodb-flush-log-at-trx-commit=0", $"--init-file={FirstStatements}");
}
