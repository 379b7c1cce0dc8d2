namespace Porpoise.Worker.Processes;

/// <summary>
/// One look at all processes that sorts out which belong to which tree: by the tag in their environment, because they were found
/// before, or as shim; and then, until nothing is added, children and session mates of those. A session counts only through a member
/// that is in the table right now (a zombie will do), since its bare number may belong to somebody else tomorrow.
/// </summary>
internal static class TreeScan
{
    /// <summary>Fills in who is alive of each tree; the number of processes not seen before.</summary>
    public static int Look(IReadOnlyCollection<ProcessTree> trees)
    {
        var before = trees.Sum(static tree => tree.Seen.Count);
        var processes = ProcessTable.Read(trees.Min(static tree => tree.Since));
        var owners = new ProcessTree?[processes.Count];
        var byParent = new Dictionary<int, ProcessTree>();
        var bySession = new Dictionary<int, ProcessTree>();
        var ownSession = ProcessStat.Read(Environment.ProcessId)?.Session;
        foreach (var tree in trees)
        {
            tree.Clear();
        }

        for (var i = 0; i < processes.Count; i++)
        {
            if (FindSeed(trees, processes[i]) is { } tree)
            {
                Own(i, tree);
            }
        }

        for (var grew = byParent.Count > 0; grew;)
        {
            grew = false;
            for (var i = 0; i < processes.Count; i++)
            {
                if (owners[i] is null && (byParent.TryGetValue(processes[i].Parent, out var tree)
                    || bySession.TryGetValue(processes[i].Session, out tree)) && processes[i].Identity.Start >= tree.Since)
                {
                    Own(i, tree);
                    grew = true;
                }
            }
        }

        return trees.Sum(static tree => tree.Seen.Count) - before;

        void Own(int i, ProcessTree tree)
        {
            owners[i] = tree;
            tree.Add(processes[i]);
            byParent[processes[i].Identity.Pid] = tree;
            if (processes[i].Session != ownSession)
            {
                bySession[processes[i].Session] = tree;
            }
        }
    }

    private static ProcessTree? FindSeed(IReadOnlyCollection<ProcessTree> trees, ProcessStat process)
    {
        foreach (var tree in trees)
        {
            if (tree.Shim == process.Identity || tree.Seen.Contains(process.Identity))
            {
                return tree;
            }
        }

        if (process.IsAlive && ProcessTable.ReadTag(process.Identity.Pid) is { } tag)
        {
            foreach (var tree in trees)
            {
                if (string.Equals(tree.Tag, tag, StringComparison.Ordinal) && process.Identity.Start >= tree.Since)
                {
                    return tree;
                }
            }
        }

        return null;
    }
}
