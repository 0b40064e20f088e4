namespace MLNetExtensions.Trainers.PseudoLabels;

/// <summary>The unlabeled images of a Fit.</summary>
/// <param name="FirstUnlabeled">The first row without a label.</param>
/// <param name="Order">The rows of each step.</param>
/// <param name="Labeler">Labels them.</param>
internal sealed record PseudoLabelPlan(int FirstUnlabeled, UnlabeledOrder Order, PseudoLabeler Labeler);
