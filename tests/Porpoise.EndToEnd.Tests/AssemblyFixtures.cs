using Porpoise.LiveServer.Servers;

[assembly: AssemblyFixture(typeof(SharedServer))]
