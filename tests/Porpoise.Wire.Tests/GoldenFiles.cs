using System.Text;

namespace Porpoise.Wire.Tests;

/// <summary>
/// The committed texts: a file for each operation and dialect, a section for each case. With <see cref="Variable"/> set, the tests write them instead of
/// comparing; look at what changed before committing that.
/// </summary>
public sealed class GoldenFiles
{
    /// <summary>Set to 1 to write the goldens of the cases that run.</summary>
    public const string Variable = "PORPOISE_WRITE_GOLDENS";

    private const string Head = "──── ";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, string>> _files = [];

    public static bool AreWritten => Environment.GetEnvironmentVariable(Variable) == "1";

    public static string Folder { get; } = FindFolder();

    /// <summary>The sections of a file by name; empty when there is no such file.</summary>
    public IReadOnlyDictionary<string, string> Read(string file)
    {
        lock (_lock)
        {
            return _files.TryGetValue(file, out var sections) ? sections : _files[file] = Load(file);
        }
    }

    /// <summary>Compares a case with its section, or writes it. Sections keep the order of the cases, so that a new one is a small difference.</summary>
    public void Check(WireCase wireCase, string actual, IEnumerable<string> order)
    {
        if (!AreWritten)
        {
            Assert.True(Read(wireCase.File).TryGetValue(wireCase.Name, out var golden), $"There is no golden text of this case. Write it with {Variable}=1, and read it.\n{actual}");
            Assert.Equal(golden, actual);
            return;
        }

        lock (_lock)
        {
            var sections = new Dictionary<string, string>(Read(wireCase.File)) { [wireCase.Name] = actual };
            _files[wireCase.File] = sections;
            var text = new StringBuilder();
            foreach (var name in order.Where(sections.ContainsKey))
            {
                text.Append(Head).Append(name).Append('\n').Append(sections[name]).Append('\n');
            }

            Directory.CreateDirectory(Folder);
            File.WriteAllText(Path.Combine(Folder, wireCase.File), text.ToString());
        }
    }

    private static Dictionary<string, string> Load(string file)
    {
        var path = Path.Combine(Folder, file);
        var sections = new Dictionary<string, string>();
        if (File.Exists(path))
        {
            foreach (var section in File.ReadAllText(path).Split(Head, StringSplitOptions.RemoveEmptyEntries))
            {
                var end = section.IndexOf('\n', StringComparison.Ordinal);
                Assert.True(sections.TryAdd(section[..end], section[(end + 1)..^1]), $"{file} has two sections '{section[..end]}'.");
            }
        }

        return sections;
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Porpoise.slnx")))
            {
                return Path.Combine(folder.FullName, "tests", "Porpoise.Wire.Tests", "Goldens");
            }
        }

        throw new DirectoryNotFoundException("The tests do not run inside the repository, so the goldens are not to be found.");
    }
}
