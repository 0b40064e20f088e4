using MLNetExtensions.Serving;
using WebAppSample.Models;

namespace WebAppSample.Predicting;

/// <summary>The prediction for an image.</summary>
/// <param name="Label">The most probable class.</param>
/// <param name="Score">Its probability, 0 to 1.</param>
/// <param name="Top">The five most probable classes, the most probable first.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Milliseconds">The time from the image's last byte to the answer.</param>
public sealed record PredictionAnswer(string? Label, float Score, IReadOnlyList<ClassScore> Top, ActiveModel Model, double Milliseconds);
