using System.CommandLine;
using Porpoise.Serving;

namespace Porpoise.Commands;

/// <summary><c>porpoise serve</c>: the server, with every role in one process.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The data folder; made at the first start", DefaultValueFactory = _ => ".porpoise" };
        var urls = new Option<string>("--urls") { Description = "Where to listen, several separated by ';'", DefaultValueFactory = _ => "http://127.0.0.1:12345" };
        var slots = new Option<int>("--slots") { Description = "Tasks that may run at once", DefaultValueFactory = _ => Math.Max(2, Environment.ProcessorCount * 2) };
        var stopTasks = new Option<bool>("--stop-tasks") { Description = "At the end, end the running tasks too; they run again at the next start. Without it they run on and are found again" };
        var allowRoa = new Option<bool>("--allow-roa-signature") { Description = "Take the older HMAC-SHA1 signature too" };
        slots.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1024)
            {
                result.AddError("--slots takes a number from 1 to 1024.");
            }
        });
        var command = new Command("serve", "Run the server") { data, urls, slots, stopTasks, allowRoa };
        command.SetAction((parsed, ct) => Server.RunAsync(
            new ServeOptions(parsed.GetValue(data)!, parsed.GetValue(urls)!, parsed.GetValue(slots), parsed.GetValue(stopTasks), parsed.GetValue(allowRoa))));
        return command;
    }
}
