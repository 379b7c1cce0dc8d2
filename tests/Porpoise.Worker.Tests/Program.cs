using Porpoise.Worker.Runners;
using Porpoise.Worker.Tests;
using Xunit.MicrosoftTestingPlatform;

return args switch
{
    ["serve", var root, var installId, var call] => await Victim.ServeAsync(root, installId, call),
    ["run-task", var file] => await TaskRunner.RunAsync(file, Console.Out, TimeProvider.System),
    ["rate", var attempts] => await StartRate.MeasureAsync(int.Parse(attempts, System.Globalization.CultureInfo.InvariantCulture)),
    _ => await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
