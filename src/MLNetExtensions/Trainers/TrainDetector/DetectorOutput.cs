namespace MLNetExtensions.Trainers.TrainDetector;

/// <summary>The values of a whole detector's graph at one stride, before they are decoded: what YOLOv8's last convolutions make.</summary>
/// <param name="Classes">The name of the value or node with the logits of the classes, Float [batch, classes, height, width].</param>
/// <param name="Boxes">
/// The name of the value or node with the logits of the distances from a cell's center to a box's left, top, right and bottom, each a distribution
/// over 0 to 15 strides: Float [batch, 64, height, width].
/// </param>
public sealed record DetectorOutput(string Classes, string Boxes);
