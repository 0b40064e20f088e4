namespace MLNetExtensions.UnseenModels;

/// <summary>What became of one step with one kind.</summary>
internal enum UnseenResult
{
    /// <summary>It works, and the values are right.</summary>
    Works,

    /// <summary>It was refused or warned of as it should be.</summary>
    Told,

    /// <summary>It does not work: an exception where there should be none.</summary>
    Failed,

    /// <summary>It should be refused, and is, but the message does not say what it must.</summary>
    WrongMessage,

    /// <summary>It ends without an exception, and values are wrong.</summary>
    WrongValues,

    /// <summary>It should be refused or warned of, and was done without a word.</summary>
    Silent,

    /// <summary>It did not end.</summary>
    Hangs,

    /// <summary>A step that it needs has failed.</summary>
    Blocked,

    /// <summary>A step that it needs was refused, as it should be: nothing to try.</summary>
    NotApplicable,
}

/// <summary>What became of one step with one kind.</summary>
/// <param name="Model">The kind.</param>
/// <param name="Step">The step.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Message">What was said or found; empty where it works.</param>
internal sealed record UnseenOutcome(UnseenModel Model, UnseenStep Step, UnseenResult Result, string Message = "")
{
    /// <summary>Whether this is what should be; null where there was nothing to try.</summary>
    public bool? IsRight => Result == UnseenResult.NotApplicable ? null : Result is UnseenResult.Works or UnseenResult.Told;

    /// <summary>Three letters for a table.</summary>
    public string Code =>
        Result switch
        {
            UnseenResult.Works => "ok",
            UnseenResult.Told => "told",
            UnseenResult.Failed => "FAIL",
            UnseenResult.WrongMessage => "TEXT",
            UnseenResult.WrongValues => "VALUE",
            UnseenResult.Silent => "QUIET",
            UnseenResult.Hangs => "HANG",
            UnseenResult.Blocked => "x",
            _ => "-",
        };

    /// <inheritdoc/>
    public override string ToString() => $"{Model.Name} {Step}: {Code} {Message.Split('\n')[0].Trim()}";
}
