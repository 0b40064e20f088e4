namespace MLNetExtensions.Similarity.Maps;

/// <summary>A row on a map.</summary>
/// <param name="X">Its place from left to right.</param>
/// <param name="Y">Its place from below to above.</param>
/// <param name="Id">Its id, such as the image's path; null if there are none.</param>
/// <param name="Label">Its label; null if there are none.</param>
public sealed record MapPoint(float X, float Y, string? Id, string? Label);
