namespace MLNetExtensions.Imaging;

/// <summary>Collects the problems of some options, so that one message lists all of them.</summary>
internal sealed class OptionProblems
{
    private readonly List<(string Name, string Problem)> _outOfRange = [];
    private readonly List<(string Name, string Problem)> _missing = [];

    /// <summary>Notes a value that does not hold.</summary>
    /// <param name="holds">True if all is well.</param>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="expected">The expected value.</param>
    public void Check(bool holds, string name, object? value, string expected)
    {
        if (!holds)
            _outOfRange.Add((name, $"{name} must be {expected}, not {value ?? "null"}."));
    }

    /// <summary>Notes a required option that is not set.</summary>
    public void Require(bool isSet, string name, string howTo)
    {
        if (!isSet)
            _missing.Add((name, $"{name} is not set. {howTo}"));
    }

    /// <summary>Throws where something was noted.</summary>
    /// <exception cref="ArgumentException">Required options are missing, and nothing else is wrong.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of range or contradict each other; the message lists all
    /// problems.</exception>
    public void Throw()
    {
        string message = string.Join(Environment.NewLine, _missing.Concat(_outOfRange).Select(p => p.Problem));
        if (_outOfRange.Count > 0)
            throw new ArgumentOutOfRangeException(_outOfRange[0].Name, message);
        if (_missing.Count > 0)
            throw new ArgumentException(message, _missing[0].Name);
    }
}
