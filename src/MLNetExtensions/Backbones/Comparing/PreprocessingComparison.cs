using MLNetExtensions.Imaging;

namespace MLNetExtensions.Backbones.Comparing;

/// <summary>The accuracy with which a backbone's features separate the classes under one preprocessing.</summary>
/// <param name="Name">What the way is, for people: <c>x / 255, ImageNet's mean and deviation, RGB</c>.</param>
/// <param name="Preprocessing">The way: give it to <see cref="Backbone.FromFile"/>.</param>
/// <param name="Accuracy">The fraction of images, from 0 to 1, whose features are nearest to the mean of the other images of their class.</param>
/// <param name="IsAssumed">Whether it is the backbone's own preprocessing.</param>
public sealed record PreprocessingComparison(string Name, ImagePreprocessing Preprocessing, double Accuracy, bool IsAssumed);
