using Porpoise.Explorer.Tests;
using Porpoise.LiveServer.Servers;

[assembly: AssemblyFixture(typeof(SharedServer))]
[assembly: AssemblyFixture(typeof(Browser))]
