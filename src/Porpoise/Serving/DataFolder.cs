using System.Diagnostics;
using Porpoise.Access.Secrets;

namespace Porpoise.Serving;

/// <summary>The data folder: everything that the server keeps. Only its owner may look inside, and only one server at a time may use it.</summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>Names the file with the keys that encrypt stored secrets, when they are not to be in the data folder.</summary>
    public const string MasterKeyVariable = "PORPOISE_MASTER_KEY_FILE";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream lockFile)
    {
        Path = path;
        _lock = lockFile;
    }

    public string Path { get; }

    public string Store => System.IO.Path.Combine(Path, "porpoise.db");

    public string Attempts => System.IO.Path.Combine(Path, "attempts");

    public string RootKey => System.IO.Path.Combine(Path, "root-key.json");

    /// <exception cref="StartException">It cannot be made, is not ours, or another server uses it.</exception>
    public static DataFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full, OwnerOnly | UnixFileMode.UserExecute);
            return new DataFolder(full, Lock(System.IO.Path.Combine(full, "lock")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The data folder {full} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Where the keys are that encrypt stored secrets.</summary>
    public string MasterKey => MasterKeyIn(Path);

    /// <summary>Where the keys of a data folder are that encrypt stored secrets: beside the store, unless the environment names another file.</summary>
    public static string MasterKeyIn(string folder) =>
        Environment.GetEnvironmentVariable(MasterKeyVariable) is { Length: > 0 } elsewhere ? elsewhere : System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), "master.key");

    /// <summary>
    /// Lets tasks of another user get through to their work folders, which are inside. They cannot look around, and every file here is its owner's alone.
    /// </summary>
    /// <exception cref="StartException">The folder belongs to somebody else.</exception>
    public void LetPass()
    {
        try
        {
            var mode = File.GetUnixFileMode(Path);
            File.SetUnixFileMode(Path, (mode | UnixFileMode.OtherExecute) & ~(UnixFileMode.OtherRead | UnixFileMode.OtherWrite));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The data folder {Path} cannot be opened to the tasks' user: {e.Message}", e);
        }
    }

    /// <summary>The keys that encrypt stored secrets; one is made at the first start. They are not part of a backup: keep a copy elsewhere.</summary>
    /// <param name="mayCreate">False when the store holds secrets already: a new key could not read them.</param>
    public MasterKey ReadMasterKey(bool mayCreate)
    {
        if (!File.Exists(MasterKey))
        {
            if (!mayCreate)
            {
                throw new StartException($"The master key {MasterKey} is missing; without it the stored secrets cannot be read. Put it back, or name it with PORPOISE_MASTER_KEY_FILE.");
            }

            WritePrivate(MasterKey, MasterKeyFile.AddKey(""));
        }

        try
        {
            return MasterKeyFile.Read(File.ReadAllText(MasterKey));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The master key {MasterKey} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes a file that only its owner may read: under another name first, so that it is there whole or not at all.</summary>
    public static void WritePrivate(string path, string text)
    {
        var draft = path + ".new";
        File.Delete(draft);
        using (var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>
    /// An exclusive lock of the kernel's: it ends with the process, however that ends. It is asked for again for a moment, because a process that a
    /// killed server was just starting holds the lock until it has become another program.
    /// </summary>
    private static FileStream Lock(string path)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly });
            }
            catch (IOException e) when (e.GetType() == typeof(IOException) && File.Exists(path))
            {
                if (Stopwatch.GetElapsedTime(since) > LockPatience)
                {
                    throw new StartException($"Another server is using the data folder {System.IO.Path.GetDirectoryName(path)}. Stop it first, or choose another folder with --data.", e);
                }

                Thread.Sleep(LockRetry);
            }
        }
    }
}
