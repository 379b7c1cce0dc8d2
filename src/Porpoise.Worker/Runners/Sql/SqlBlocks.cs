namespace Porpoise.Worker.Runners.Sql;

/// <summary>
/// Knows whether a semicolon stands inside of the body of a procedure, function, trigger or event, or of an anonymous block, where it ends nothing: between BEGIN
/// and its END, and between CASE and its END. So no DELIMITER is needed.
/// </summary>
internal sealed class SqlBlocks(string text)
{
    /// <summary>Words between CREATE and what is created: OR REPLACE, DEFINER = …</summary>
    private const int HeadWordsMax = 16;

    private static readonly HashSet<string> WithBody = new(["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> OwnEnds = new(["IF", "LOOP", "WHILE", "REPEAT", "FOR"], StringComparer.OrdinalIgnoreCase);

    private int _words;
    private bool _isCreate;
    private bool _hasBody;
    private int _depth;
    private string _before = "";

    public bool IsInside => _depth > 0;

    public void Add(SqlToken token)
    {
        if (token.Kind != SqlTokenKind.Word)
        {
            _before = token.Kind is SqlTokenKind.Blank or SqlTokenKind.Comment ? _before : "";
            return;
        }

        var word = text[token.Start..token.End].ToUpperInvariant();
        _words++;
        _isCreate |= _words == 1 && word == "CREATE";
        _hasBody |= _isCreate && _words <= HeadWordsMax && WithBody.Contains(word);
        if (_words == 2 && _before == "BEGIN" && word == "NOT") // BEGIN NOT ATOMIC
        {
            (_hasBody, _depth) = (true, 1);
        }
        else if (_hasBody)
        {
            Count(word);
        }

        _before = word;
    }

    private void Count(string word)
    {
        if (_before == "END")
        {
            // END IF and the like end what was not counted; END CASE ends a CASE, which the END did already.
            _depth += OwnEnds.Contains(word) ? 1 : 0;
            return;
        }

        _depth += word switch
        {
            "BEGIN" or "CASE" => 1,
            "END" when _depth > 0 => -1,
            _ => 0,
        };
    }
}
