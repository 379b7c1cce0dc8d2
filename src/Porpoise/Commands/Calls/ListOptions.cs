using System.CommandLine;
using Porpoise.Client;

namespace Porpoise.Commands.Calls;

/// <summary>What commands that list things take.</summary>
internal static class ListOptions
{
    public static readonly Option<string?> Search = new("--search") { Description = "Only those with this text in their name" };
    public static readonly Option<int> Page = Number("--page", "Which page, from 1", 1, int.MaxValue);
    public static readonly Option<int> PageSize = Number("--page-size", "Rows of a page", PageChoice.SizeDefault, PageChoice.SizeMax);

    public static Symbol[] Paging => [Page, PageSize];

    /// <summary>A whole number from 1.</summary>
    public static Option<int> Number(string name, string description, int byDefault, int max)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => byDefault };
        NumberText.Bound(option, 1, max);
        return option;
    }
}
