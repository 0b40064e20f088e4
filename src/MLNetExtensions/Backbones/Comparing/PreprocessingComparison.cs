using MLNetExtensions.Imaging;

namespace MLNetExtensions.Backbones.Comparing;

/// <summary>The accuracy with which a backbone's features separate the classes under one preprocessing.</summary>
/// <param name="Name">A readable name of the preprocessing: <c>x / 255, ImageNet's mean and deviation, RGB</c>.</param>
/// <param name="Preprocessing">The preprocessing: give it to <see cref="Backbone.FromFile"/>.</param>
/// <param name="Accuracy">The fraction of images, from 0 to 1, whose features are nearest to the mean of the other images of their
/// class.</param>
/// <param name="IsAssumed">True if it is the backbone's own preprocessing.</param>
public sealed record PreprocessingComparison(string Name, ImagePreprocessing Preprocessing, double Accuracy, bool IsAssumed);
