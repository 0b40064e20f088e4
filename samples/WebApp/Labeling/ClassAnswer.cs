namespace WebAppSample.Labeling;

/// <summary>A class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Images">The number of images that are labeled with it.</param>
public sealed record ClassAnswer(string Name, int Images);
