namespace MLNetExtensions.Training.Optimizers;

/// <summary>
/// NAdam's momentum at each step, and the product of those so far. It follows from the step, so it is no state; it is only kept from step
/// to step.
/// </summary>
internal sealed class MomentumSchedule(NAdam rule)
{
    private long _step;
    private double _product = 1;

    /// <summary>The momentum of a step, from 1.</summary>
    public double At(long step) => rule.Beta1 * (1 - 0.5 * Math.Pow(0.96, step * (double)rule.MomentumDecay));

    /// <summary>The product of the momentums up to a step.</summary>
    public double ProductTo(long step)
    {
        if (step < _step)
            (_step, _product) = (0, 1);
        while (_step < step && _product > 0)
            _product *= At(++_step);
        _step = step;
        return _product;
    }
}
