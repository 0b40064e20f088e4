namespace MLNetExtensions.Training.Optimizers;

/// <summary>A parameter's update rule and multipliers. Parameters with equal ones are updated together.</summary>
internal sealed record ParameterRule(Optimizer Rule, ParameterGroup Scale);
