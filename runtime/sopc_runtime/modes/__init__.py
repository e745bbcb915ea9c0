"""How far procedures may act: agreement measured, promotion, demotion, and the kill switch."""
