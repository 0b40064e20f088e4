namespace MLNetExtensions.Training.Privacy;

/// <summary>A sum of terms that are given by their logarithms and signs, which may be beyond the range of numbers.</summary>
internal sealed class SignedLogSum
{
    private double _scale = double.NegativeInfinity,
        _sum;

    /// <summary>The logarithm of the sum.</summary>
    public double Log => _scale + Math.Log(_sum);

    /// <summary>Adds a term.</summary>
    public void Add(double logarithm, bool isNegative)
    {
        if (double.IsNegativeInfinity(logarithm))
            return;
        if (logarithm > _scale)
        {
            _sum *= Math.Exp(_scale - logarithm);
            _scale = logarithm;
        }
        double term = Math.Exp(logarithm - _scale);
        _sum += isNegative ? -term : term;
    }
}
