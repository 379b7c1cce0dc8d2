using System.Text;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>Splits a text into arguments as a shell would, but for what a shell would do beside that: nothing is expanded.</summary>
internal static class ArgumentText
{
    /// <exception cref="JobException">A quote has no end.</exception>
    public static IReadOnlyList<string> Split(string text, string member)
    {
        var arguments = new List<string>();
        var current = new StringBuilder();
        var (isOpen, quote) = (false, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isOpen)
                {
                    arguments.Add(current.ToString());
                }

                current.Clear();
                isOpen = false;
                continue;
            }

            isOpen = true;
            if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '\'' or '"')
            {
                quote = c;
            }
            else if (c == '\\' && quote != '\'' && i + 1 < text.Length && (quote == '\0' || text[i + 1] is '"' or '\\'))
            {
                current.Append(text[++i]);
            }
            else
            {
                current.Append(c);
            }
        }

        if (quote != '\0')
        {
            throw new JobException($"{member} has a quote ({quote}) without an end.");
        }

        if (isOpen)
        {
            arguments.Add(current.ToString());
        }

        return arguments;
    }
}
