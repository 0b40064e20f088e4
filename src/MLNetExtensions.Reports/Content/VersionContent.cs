namespace MLNetExtensions.Reports.Content;

/// <summary>A library and its version.</summary>
internal sealed record VersionContent(string Name, string Version);
