namespace WebAppSample.Labeling;

/// <summary>A class to add.</summary>
/// <param name="Name">Its name, 1 to 60 characters.</param>
public sealed record ClassRequest(string? Name);
