namespace MLNetExtensions.Data.Boxes;

/// <summary>An export of VoTT, as it stands in JSON; what is not listed is not read.</summary>
/// <param name="Assets">The images by their ids.</param>
/// <param name="Tags">The classes.</param>
internal sealed record VottFile(IReadOnlyDictionary<string, VottImage>? Assets, IReadOnlyList<VottTag>? Tags);
