namespace MLNetExtensions.Data.Boxes;

/// <summary>The file of a <see cref="VottImage"/>.</summary>
/// <param name="Name">Its name without folder.</param>
/// <param name="Path">Its address: <c>file:</c> and a path.</param>
/// <param name="Size">Its size.</param>
internal sealed record VottAsset(string? Name, string? Path, VottSize? Size);
