namespace MLNetExtensions.Reports.Content;

/// <summary>A setting that differs from its default.</summary>
internal sealed record SettingContent(string Name, string Value, string Default);
