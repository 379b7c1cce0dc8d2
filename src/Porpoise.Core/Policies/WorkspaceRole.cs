namespace Porpoise.Core.Policies;

/// <summary>What a member of a workspace is there. The names are the vendor's (its console calls the second "Data Analyst" and the third "Data Developer"); the numbers are stored.</summary>
public enum WorkspaceRole
{
    Guest = 0,
    DataScience = 1,
    DataEngineering = 2,
    Owner = 3,
}
