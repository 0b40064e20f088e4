namespace WebAppSample.Labeling;

/// <summary>The class that an image gets.</summary>
/// <param name="Label">The name of a class; null takes the image's class away.</param>
public sealed record LabelRequest(string? Label);
