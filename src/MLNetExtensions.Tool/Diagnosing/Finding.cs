namespace MLNetExtensions.Tool.Diagnosing;

/// <summary>What doctor found.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Level">What it means.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Cure">What to do; null if nothing is to be done.</param>
internal sealed record Finding(string Subject, FindingLevel Level, string Detail, string? Cure = null)
{
    public static Finding Ok(string subject, string detail) => new(subject, FindingLevel.Ok, detail);

    public static Finding Warning(string subject, string detail, string cure) => new(subject, FindingLevel.Warning, detail, cure);

    public static Finding Fault(string subject, string detail, string cure) => new(subject, FindingLevel.Fault, detail, cure);
}
