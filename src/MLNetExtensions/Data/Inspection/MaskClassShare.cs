namespace MLNetExtensions.Data.Inspection;

/// <summary>The part that a class has in masks.</summary>
/// <param name="Label">The class.</param>
/// <param name="Fraction">Its fraction of the pixels that count, 0 to 1.</param>
/// <param name="Images">The number of images with one or more pixels of it.</param>
public sealed record MaskClassShare(string Label, double Fraction, int Images);
